"""What is said of Playwright's names that this API does not have.

Thread: any.
"""

from __future__ import annotations

_OF_CLIENTS = """
add_locator_handler add_script_tag add_style_tag bring_to_front check click clock dblclick dispatch_event drag_and_drop
emulate_media eval_on_selector eval_on_selector_all evaluate_handle expect_console_message expect_download expect_event
expect_file_chooser expect_navigation expect_page expect_popup expect_request expect_response expose_binding expose_function fill
focus frame frame_locator frames get_attribute get_by_alt_text get_by_label get_by_placeholder get_by_role get_by_test_id
get_by_text get_by_title grant_permissions hover inner_html inner_text input_value is_checked is_enabled is_visible keyboard
locator main_frame mouse new_cdp_session pdf press query_selector query_selector_all route screenshot select_option set_checked
set_geolocation set_input_files set_offline set_viewport_size tap text_content touchscreen tracing type uncheck unroute video
wait_for_event
"""


def missing(owner: object, name: str) -> AttributeError:
    """Make the error for an attribute that `owner` has not; of what only a client of CDP can do, it says so."""
    text = f"{type(owner).__name__!r} object has no attribute {name!r}"
    if name in _OF_CLIENTS.split():
        text += ": this API loads and reads pages. For all of Playwright's, connect it to `sanderling serve`: chromium.connect_over_cdp(...)"
    return AttributeError(text, name=name, obj=owner)

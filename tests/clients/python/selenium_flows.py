"""Selenium: Debian's ChromeDriver attached by `debuggerAddress`.

Thread: main.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.clients.python.harness import drive, flow, until


@contextmanager
def _driver(world: Any) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.debugger_address = f"127.0.0.1:{world.port}"
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(30)
    driver.set_script_timeout(30)
    try:
        yield driver
    finally:
        driver.quit()


@flow("opens a page")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/plain")
        assert driver.title == "Plain"
        assert driver.current_url == f"{world.site}/plain"
        assert "plain text" in driver.page_source


@flow("finds elements and runs scripts")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/")
        assert driver.find_element(By.ID, "head").text == "Waders of the shore"
        birds = driver.find_elements(By.CSS_SELECTOR, ".bird")
        assert [one.get_attribute("data-n") for one in birds] == ["1", "2", "3"]
        assert driver.execute_script("return [arguments[0].tagName, arguments[1] + 1]", birds[0], 41) == ["LI", 42]
        assert not driver.find_element(By.ID, "hidden").is_displayed()


@flow("types and clicks")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/form")
        driver.find_element(By.ID, "name").send_keys("knot", Keys.BACKSPACE, "t")
        driver.find_element(By.ID, "subscribe").click()
        driver.find_element(By.ID, "send").click()
        # On Chromium itself the driver sometimes learns of the navigation late.
        until(lambda: "submitted" in driver.current_url, "the navigation")
        assert "name=knot" in driver.current_url


@flow("keeps cookies and history")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/plain")
        driver.add_cookie({"name": "mine", "value": "yes"})
        assert driver.get_cookie("mine")["value"] == "yes"
        driver.get(f"{world.site}/")
        driver.back()
        assert driver.title == "Plain"
        driver.delete_all_cookies()


@flow("reads frames of both origins")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/frames")
        texts = []
        for frame in range(2):
            driver.switch_to.frame(frame)
            texts.append(driver.find_element(By.ID, "where").text)
            driver.switch_to.default_content()
        assert texts == ["?near", "?far"]


@flow("resizes its window and decides on permissions")
def _(world: Any) -> None:
    with _driver(world) as driver:
        driver.get(f"{world.site}/plain")
        driver.set_window_size(700, 500)
        assert driver.get_window_size() == {"width": 700, "height": 500}
        assert driver.execute_script("return innerWidth") == 700
        driver.set_permissions("geolocation", "granted")
        script = "navigator.permissions.query({name: 'geolocation'}).then((p) => arguments[0](p.state))"
        assert driver.execute_async_script(script) == "granted"


if __name__ == "__main__":
    drive()

"""The browser side of HTTP: HttpClient over a Handle, with cookies, redirects and fetch rules.

Thread: any.
"""

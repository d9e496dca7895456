"""What a page is turned into: HTML, Markdown, text, links.

Thread: any.
"""

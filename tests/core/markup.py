"""What a test may ask of a page of HTML."""

from html.parser import HTMLParser

VOID = {"meta", "br", "rect", "polygon", "polyline", "circle", "path"}


class Outline(HTMLParser):
    """Checks that tags close as they open, and keeps headings, tags and attributes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.headings, self.words = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append([tag, ""])

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.headings and self.headings[-1][0] in self.open:
            self.headings[-1][1] += data
        if "style" not in self.open:
            self.words.append(data)

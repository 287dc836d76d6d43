"""What ships beside the code: icons, fonts, samples, general sentences, translations.

Opened through `core.resources` only, so that the checkout, the wheel and the frozen program find
the same files.
"""

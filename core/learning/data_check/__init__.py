"""What is wrong with the texts and labels: texts and arrays in, findings out, one idea per module.

Nothing here knows an app. Texts are numbered from 0 in the order they are handed in, and findings
name them by these numbers.
"""

"""Charts, described once: the window paints them, `core.files.svg` writes them.

scene = roc((Curve("refund", thresholds, found, false_alarms),), (560, 360))
scene.items    # what is drawn, back to front
scene.marks    # what can be chosen, in reading order
scene.table    # the same data for "Show as table" and CSV
"""

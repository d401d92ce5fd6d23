"""The gate that grows: every route, for every role, in every state we know, is looked at in a real browser.

``make access`` looks at a sample that changes with the day, ``make access ARGS=--whole`` at everything.
A new route needs a row in ``gate.routes``; a fast test says so.
"""

"""The console: a module for each noun of its pages, and the few that all pages share.

visits.py says who asks, guards.py what they may, render.py and frame.py make the page; errors.py is every way it can
end badly.
"""

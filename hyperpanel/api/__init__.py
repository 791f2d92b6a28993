"""The admin API: a module for each noun of its addresses, and the few that all share.

callers.py says who asks, admission.py whether they may, errors.py every way a call can end badly; the shapes of its answers are in
hyperpanel/client, which decodes what is encoded here.
"""

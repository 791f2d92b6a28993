"""A fleet of simulated panels that speak the real upstream protocols over real HTTP.

For demos, training, tests and benchmarks. It imports neither `sync` nor `reports`: shared code would share its
mistakes.
"""

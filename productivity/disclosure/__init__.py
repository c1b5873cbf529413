"""Disclosure control: what of a table may be shown, so that nobody can be read out of it.

A figure that rests on too few people, or mostly on one or two of them, is left out; further figures are left
out so that it cannot be worked out from totals, nor from tables that were released before. Pure like the
whole room: the releases of the past are an argument.

* `dimension`, `table`: what is to be released.  * `rules`: which figures are sensitive, and how well they
must stay hidden.  * `atoms`: what figures of several tables have in common.  * `attacker`: what can be worked
out from what is shown.  * `targets`: what must not be worked out.  * `suppression`: what else to leave out.
* `release`: all of it together.

Sources: Hundepool et al. (2012), "Statistical Disclosure Control", chapter 4; Fischetti & Salazar (2001),
"Solving the cell suppression problem on tabular data with linear constraints", Management Science 47.
"""

"""A small town to play with: about 200 people who do not exist, a year of their meetings, and a cast to sign in as.

`found` builds it once, through the verbs, under the clock of the day on which each thing happened; equal dice and an
equal moment give an equal town. One transaction holds all of it: nobody ever sees half a town, no worker takes one of
its past jobs under today's clock, and whoever interrupts it finds nothing built.
"""

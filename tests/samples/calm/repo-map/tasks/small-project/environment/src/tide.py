import math


def height(hour):
    # FIXME: the period is not exactly twelve hours
    return round(math.sin(hour / 12 * 2 * math.pi), 2)

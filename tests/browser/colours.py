"""How far apart colours are to people with and without colour blindness. Colours: (red, green, blue), 0 to 255."""

import math

# Linear RGB as it is seen without cones of one kind: Machado, Oliveira and Fernandes, 2009, severity 1.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour):
    return [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(a, b):
    """WCAG 2, 1 to 21."""
    dim, bright = sorted(luminance(linear(colour)) for colour in (a, b))
    return (bright + 0.05) / (dim + 0.05)


def lab(rgb):
    """CIE L*a*b*, white D65, of linear RGB."""
    r, g, b = (min(1, max(0, c)) for c in rgb)
    f = lambda t: t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
    x, y, z = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505), f(luminance((r, g, b))), f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(a, b, vision):
    """The distance in L*a*b*: 2.3 can just be told apart side by side."""
    seen = [lab([sum(m * c for m, c in zip(row, linear(colour))) for row in VISIONS[vision]]) for colour in (a, b)]
    return math.dist(*seen)

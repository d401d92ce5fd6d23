"""Where countries lie, for a map that is drawn and never fetched: land in small dots, larger ones for what is counted.

Countries stand at a large city, in whole degrees, from the public-domain table of time zones (zone.tab,
https://www.iana.org/time-zones). No borders are drawn.
"""

import re
from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

COUNTRIES = """
AD+42+2 AE+25+55 AF+35+69 AG+17-62 AI+18-63 AL+41+20 AM+40+44 AO-9+13 AR-35-58 AS-14-171 AT+48+16 AU-34+151 AW+12-70 AX+60+20
AZ+40+50 BA+44+18 BB+13-60 BD+24+90 BE+51+4 BF+12-2 BG+43+23 BH+26+51 BI-3+29 BJ+6+3 BL+18-63 BM+32-65 BN+5+115 BO-16-68
BQ+12-68 BR-24-47 BS+25-77 BT+27+90 BW-25+26 BY+54+28 BZ+18-88 CA+44-79 CC-12+97 CD-4+15 CF+4+19 CG-4+15 CH+47+9 CI+5-4
CK-21-160 CL-33-71 CM+4+10 CN+31+121 CO+5-74 CR+10-84 CU+23-82 CV+15-24 CW+12-69 CX-10+106 CY+35+33 CZ+50+14 DE+52+13 DJ+12+43
DK+56+13 DM+15-61 DO+18-70 DZ+37+3 EC-2-80 EE+59+25 EG+30+31 EH+27-13 ER+15+39 ES+40-4 ET+9+39 FI+60+25 FJ-18+178 FK-52-58
FM+7+152 FO+62-7 FR+49+2 GA+0+9 GB+52+0 GD+12-62 GE+42+45 GF+5-52 GG+49-3 GH+6+0 GI+36-5 GL+64-52 GM+13-17 GN+10-14 GP+16-62
GQ+4+9 GR+38+24 GS-54-37 GT+15-91 GU+13+145 GW+12-16 GY+7-58 HK+22+114 HN+14-87 HR+46+16 HT+19-72 HU+48+19 ID-6+107 IE+53-6
IL+32+35 IM+54-4 IN+23+88 IO-7+72 IQ+33+44 IR+36+51 IS+64-22 IT+42+12 JE+49-2 JM+18-77 JO+32+36 JP+36+140 KE-1+37 KG+43+75
KH+12+105 KI+1+173 KM-12+43 KN+17-63 KP+39+126 KR+38+127 KW+29+48 KY+19-81 KZ+43+77 LA+18+103 LB+34+36 LC+14-61 LI+47+10
LK+7+80 LR+6-11 LS-29+28 LT+55+25 LU+50+6 LV+57+24 LY+33+13 MA+34-8 MC+44+7 MD+47+29 ME+42+19 MF+18-63 MG-19+48 MH+7+171
MK+42+21 ML+13-8 MM+17+96 MN+48+107 MO+22+114 MP+15+146 MQ+15-61 MR+18-16 MS+17-62 MT+36+15 MU-20+58 MV+4+74 MW-16+35 MX+19-99
MY+3+102 MZ-26+33 NA-23+17 NC-22+166 NE+14+2 NF-29+168 NG+6+3 NI+12-86 NL+52+5 NO+60+11 NP+28+85 NR-1+167 NU-19-170 NZ-37+175
OM+24+59 PA+9-80 PE-12-77 PF-18-150 PG-10+147 PH+15+121 PK+25+67 PL+52+21 PM+47-56 PN-25-130 PR+18-66 PS+32+34 PT+39-9
PW+7+134 PY-25-58 QA+25+52 RE-21+55 RO+44+26 RS+45+20 RU+56+38 RW-2+30 SA+25+47 SB-10+160 SC-5+55 SD+16+33 SE+59+18 SG+1+104
SH-16-6 SI+46+15 SJ+78+16 SK+48+17 SL+8-13 SM+44+12 SN+15-17 SO+2+45 SR+6-55 SS+5+32 ST+0+7 SV+14-89 SX+18-63 SY+34+36
SZ-26+31 TC+21-71 TD+12+15 TF-49+70 TG+6+1 TH+14+101 TJ+39+69 TK-9-171 TL-9+126 TM+38+58 TN+37+10 TO-21-175 TR+41+29 TT+11-62
TV-9+179 TW+25+122 TZ-7+39 UA+45+34 UG+0+32 UM+28-177 US+41-74 UY-35-56 UZ+40+67 VA+42+12 VC+13-61 VE+10-67 VG+18-65 VI+18-65
VN+11+107 VU-18+168 WF-13-176 WS-14-172 YE+13+45 YT-13+45 ZA-26+28 ZM-15+28 ZW-18+31
"""
# Where a parallel, at every fifth degree, lies on land: from the west to the east, as coarse as a map of dots needs.
LAND = """
80: -90 -65, -60 -20, 15 25, 93 104
75: -123 -115, -110 -85, -60 -19, 56 66, 88 113, 138 148
70: -162 -142, -128 -118, -116 -100, -92 -70, -54 -23, 19 31, 50 58, 67 180
65: -167 -86, -74 -63, -53 -39, -23 -14, 12 41, 43 178
60: -165 -94, -78 -65, -47 -43, 5 11, 13 18, 22 163, 165 170
55: -162 -160, -130 -82, -78 -59, -8 -6, -5 -1, 8 10, 12 14, 20 137, 156 162
50: -127 -65, -57 -54, -5 -1, 2 140, 143 143
45: -124 -64, 0 30, 34 48, 51 136, 142 144
40: -124 -74, -8 0, 8 9, 15 17, 20 24, 27 49, 53 120, 122 124, 125 128, 140 141
35: -120 -76, -6 11, 24 26, 33 33, 36 119, 127 129, 133 140
30: -115 -93, -91 -81, -9 32, 34 48, 50 121, 131 131
25: -112 -97, -81 -81, -15 35, 37 50, 52 56, 61 119, 121 121
20: -105 -97, -90 -88, -77 -75, -73 -69, -17 37, 40 58, 73 86, 93 106, 110 110
15: -97 -83, -17 39, 42 51, 74 80, 95 108, 120 122
10: -85 -84, -75 -62, -15 51, 76 79, 98 99, 105 108, 122 126
5: -77 -52, -9 48, 80 81, 97 98, 101 103, 115 118, 125 125
0: -80 -50, 9 43, 99 104, 109 118, 120 123, 128 135
-5: -81 -35, 12 39, 103 106, 119 122, 133 146, 150 152
-10: -78 -37, 13 40, 119 125, 141 149, 160 161
-15: -76 -39, 12 40, 46 50, 125 136, 142 145
-20: -70 -41, 13 35, 44 49, 118 148, 164 166
-25: -70 -48, 15 35, 44 47, 114 153
-30: -71 -51, 17 30, 115 153
-35: -72 -57, 19 25, 117 119, 136 150, 174 175
-40: -74 -63, 145 148, 174 178
-45: -74 -66, 168 172
-50: -75 -68, -60 -58
-55: -71 -66
"""
WIDTH = 720  # and 316 high: the southernmost land lies above the lower edge
NORTH = 83  # the latitude of the upper edge
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
WIDEST = 2.7066  # half the width of the whole projection


class Point(NamedTuple):
    x: float
    y: float


class Place(NamedTuple):
    """A country's dot: its middle, its radius, what it is called and how many are counted there."""

    x: float
    y: float
    radius: float
    label: str
    value: int


def plane(latitude: float, longitude: float) -> Point:
    """Equal Earth, which keeps areas (https://doi.org/10.1080/13658816.2018.1504949).

    >>> plane(0, 0), round(plane(0, 180).x, 2)
    (Point(x=0.0, y=0.0), 2.71)
    """
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    stretch = 3 * (9 * A4 * angle**8 + 7 * A3 * angle**6 + 3 * A2 * angle**2 + A1)
    x = 2 * sqrt(3) * radians(longitude) * cos(angle) / stretch
    return Point(x, A4 * angle**9 + A3 * angle**7 + A2 * angle**3 + A1 * angle)


def drawn(latitude: float, longitude: float) -> Point:
    """In the units of the picture, from its upper left corner."""
    found, scale = plane(latitude, longitude), WIDTH / 2 / WIDEST
    return Point(round(WIDTH / 2 + scale * found.x, 1), round(scale * (plane(NORTH, 0).y - found.y), 1))


def town(line: str) -> tuple[str, Point]:
    code, latitude, longitude = re.findall(r"[A-Z]{2}|[+-]\d+", line)
    return code, drawn(int(latitude), int(longitude))


def lines_of(row: str) -> str:
    """Two lines over each stretch of land; the sheet draws them as dots."""
    latitude, _colon, stretches = row.partition(":")
    found = []
    for north in (1.25, -1.25):
        for stretch in stretches.split(","):
            west, east = (drawn(int(latitude) + north, float(degree)) for degree in stretch.split())
            found.append(f"M{west.x:g} {west.y:g}h{max(east.x - west.x, 0.1):.3g}")
    return "".join(found)


HOME = dict(town(line) for line in COUNTRIES.split())
WORLD = "".join(lines_of(row) for row in LAND.strip().splitlines())


def places(counts: Mapping[str, int], names: Mapping[str, str]) -> list[Place]:
    """The countries that are counted, the largest first, so that a smaller dot lies over it."""
    known = [(code, count) for code, count in counts.items() if count and code in HOME]
    ordered = sorted(known, key=lambda pair: (-pair[1], pair[0]))
    return [Place(*HOME[code], round(3 + 3 * sqrt(count), 1), names.get(code, code), count) for code, count in ordered]

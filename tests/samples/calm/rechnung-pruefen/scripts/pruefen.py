#!/usr/bin/env python3
"""Eingangsrechnungen prüfen: Summe, Steuer, Brutto, IBAN und Pflichtangaben."""

import argparse
import json
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PFLICHT = ("nummer", "datum", "aussteller", "steuernummer")
CENT = Decimal("0.01")


def betrag(wert) -> Decimal:
    return Decimal(str(wert)).quantize(CENT, rounding=ROUND_HALF_UP)


def iban_gueltig(iban: str) -> bool:
    """Die Prüfung nach ISO 7064 (Modulo 97-10)."""
    zeichen = iban.replace(" ", "").upper()
    if not (15 <= len(zeichen) <= 34 and zeichen.isalnum() and zeichen.isascii()):
        return False
    ziffern = "".join(str(int(z, 36)) for z in zeichen[4:] + zeichen[:4])
    return int(ziffern) % 97 == 1


def maengel(rechnung: dict) -> list[str]:
    gefunden = []
    summe = sum((betrag(p["einzelpreis"]) * Decimal(str(p["menge"])) for p in rechnung["positionen"]), Decimal(0))
    netto, steuer, brutto = (betrag(rechnung[feld]) for feld in ("netto", "steuer", "brutto"))
    if betrag(summe) != netto:
        gefunden.append("summe")
    if abs(betrag(netto * Decimal(str(rechnung["steuersatz"])) / 100) - steuer) > CENT:
        gefunden.append("steuer")
    if netto + steuer != brutto:
        gefunden.append("brutto")
    if not iban_gueltig(rechnung.get("iban", "")):
        gefunden.append("iban")
    if not all(str(rechnung.get(feld, "")).strip() for feld in PFLICHT):
        gefunden.append("pflichtangabe")
    return gefunden


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ordner", type=Path)
    parser.add_argument("--ausgabe", type=Path, default=Path("pruefbericht.json"))
    optionen = parser.parse_args()
    dateien = sorted(optionen.ordner.glob("*.json"))
    if not dateien:
        print(f"keine Rechnungen in {optionen.ordner}", file=sys.stderr)
        return 1
    bericht = {}
    for datei in dateien:
        liste = maengel(json.loads(datei.read_text(encoding="utf-8")))
        bericht[datei.name] = {"ok": not liste, "maengel": liste}
    optionen.ausgabe.write_text(json.dumps(bericht, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(dateien)} Rechnung(en) geprüft -> {optionen.ausgabe}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

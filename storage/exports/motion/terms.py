"""Standard terms of use for licensed motion, those after a withdrawal among them. Not legal advice.

A plant may agree on others; whatever is agreed is what `motion.used` names by its hash.
"""

from consent.agreement.language import Language, Text

_TERMS = Text(
    de="""Bedingungen für die Nutzung von Bewegungsdaten

1. Die Daten zeigen, wie Menschen sich bei der Arbeit bewegt haben. Sie sind pseudonym und bleiben
   personenbezogene Daten: An ihrer Bewegung können Menschen wiedererkannt werden.
2. Die Daten dürfen nur für den genannten Zweck genutzt werden. Weitergabe ist nicht erlaubt.
3. Niemand darf versuchen, die Menschen zu erkennen, ihre Leistung zu beurteilen oder die Daten dazu mit
   anderen Daten zu verbinden.
4. Jedes Modell, das mit den Daten trainiert wird, ist dem Betrieb mit seinem SHA-256 zu melden.
5. Die Daten sind so aufzubewahren, dass nur diejenigen sie lesen, die mit ihnen arbeiten.

Nach einem Widerruf

6. Wer eingewilligt hat, kann jederzeit widerrufen. Der Betrieb teilt mit, welche Abschnitte es betrifft.
7. Von da an werden diese Abschnitte nicht mehr genutzt, auch nicht für ein neues Training. Sie werden binnen
   30 Tagen gelöscht, alle Kopien eingeschlossen; die Löschung wird dem Betrieb bestätigt.
8. Modelle, die vorher trainiert wurden, werden als „vor dem Widerruf trainiert“ geführt. Ein Widerruf macht
   ihr Training nicht ungeschehen. Ob sie weiter genutzt werden dürfen, ist im Einzelfall zu prüfen
   (Stellungnahme 28/2024 des Europäischen Datenschutzausschusses).
9. Was für eine Nutzung vor dem Widerruf geschuldet wird, bleibt geschuldet.
""",
    en="""Terms of use for motion data

1. The data show how people moved at work. They are pseudonymous and remain personal data: people can be
   recognised by how they move.
2. The data may be used for the purpose that is named, and for no other. They may not be passed on.
3. Nobody may try to recognise the people, to judge their performance, or to combine the data with other data
   for that end.
4. Every model that is trained on the data is to be reported to the plant with its SHA-256.
5. The data are to be kept so that only those can read them who work with them.

After a withdrawal

6. Whoever gave consent can withdraw it at any time. The plant tells which segments it concerns.
7. From then on these segments are not used any more, not for another training either. They are deleted within
   30 days, all copies included; the deletion is confirmed to the plant.
8. Models that were trained before are listed as "trained before withdrawal". A withdrawal does not untrain
   them. Whether they may be used further is to be examined case by case (EDPB Opinion 28/2024).
9. What is owed for a use before the withdrawal stays owed.
""",
)


def standard_terms(language: Language) -> str:
    """Return the terms as the text of `TERMS.txt`."""
    return _TERMS.in_(language)

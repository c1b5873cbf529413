"""What is tried first: common words of lists of leaked passwords, English and German, and rows of keyboards.

A short list, because a password has fifteen characters: what is left to refuse are words that are repeated or
have digits added, and fingers that run along the keys.
"""

_WORDS = """
abc admin administrator arbeit arbeiter auto baby baseball basketball batman bayern berlin betriebsrat
bitte blume changeme chelsea chocolate computer default deutschland dortmund dragon flower football
freedom freiheit frieden fussball fußball geheim google guest hallo hamburg hello herbst hockey hund
hunter ichliebedich iloveyou internet jesus kaffee katze kennwort killer leipzig letmein liebe login
london love lovely maschine master merlin miteinander monkey montag mustang nachbar ninja november
october oktober operator pass passphrase passw passwd password passwort pepper pferd pokemon princess
produktion qazwsx qwer qwert qwerty qwertyuiop qwertz qwertzuiop root samsung schalke schatz schatzi
schule secret server shadow sicherheit soccer solo sommer sonne sonnenschein spring starwars stuttgart
summer sunshine superman system team temp test tester testpassword testtest tigger trustno user
wachtwoord welcome welcometo werk whatever whatsapp willkommen winter yankees zauber zxcvbn zxcvbnm
"""
_DIGITS = (
    "12345 54321 123456 1234567 12345678 123456789 1234567890 0123456789 0987654321 112233 147258369 123123"
)
COMMON = frozenset(_WORDS.split()) | frozenset(_DIGITS.split())
"""Folded words, and digits, of which no password may be made by repetition."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789012345678901234567890123456789",
    "1234567890987654321012345678909876543210",
    "0123456789876543210123456789876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "qwertzuiopasdfghjklyxcvbnm",
    "qwertzuiopüasdfghjklöäyxcvbnm",
    "qwertzuiopü+asdfghjklöä#yxcvbnm,.-",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "1234567890qwertzuiopasdfghjklyxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik,9ol.0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qaywsxedcrfvtgbzhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6z7u8i9o0p",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "1234567890abcdefghijklmnopqrstuvwxyz",
    "a1b2c3d4e5f6g7h8i9j0k1l2m3n4",
)
KEYBOARD = frozenset(_ROWS) | frozenset(row[::-1] for row in _ROWS)
"""A password that is a piece of one of these is no password."""

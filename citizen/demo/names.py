"""Invented names: given at random, they name nobody."""

import random
from collections.abc import Iterator

_FIRST = """
Adama Agathe Aïcha Alban Alima Amandine Ambre Amine Anaïs Angèle Anton Armelle Assia Aurore Awa Aymeric Baptiste Basile Bénédicte
Boubacar Camélia Carine Célestin Chantal Cheikh Clémence Colette Corentin Dalila Damien Delphine Dorian Édith Elias Élodie Emma
Esteban Fanta Farid Fatou Félicien Florine Gaëlle Gaspard Ghislaine Gisèle Hadrien Halima Hélène Henri Houria Idriss Inès Ismaël
Jacek Jeanne Joachim Joséphine Kadiatou Karim Kenza Khadija Lamine Laurine Leïla Léonce Lidia Loïc Louane Lucien Maëlle Mahaut
Malika Manon Marcel Marwan Mathilde Mehdi Mireille Moussa Myriam Nadège Nassim Noémie Nora Odile Olga Oumar Paulette Perrine
Rachid Raymonde Rémi Rokia Romane Sabrina Safia Samir Sandrine Séverin Sofiane Solène Suzanne Sylvain Tanguy Teresa Théo Thierry
Valentin Véronique Victoire Wassila Xavier Yacine Yolande Yvon Zélie Zohra
"""
_LAST = """
Abadie Achour Alvarenga Amrani Baert Barbieux Bekkali Benamar Berthelin Blondiau Bouziane Brasseloup Camara Capelier Carpentras
Caudrelier Chavatte Coppens Couvelaere Czarnecki Dassonval Debruyck Declercq Delattre Delmotte Demeestere Derycke Desrumeaux
Diagouraga Dhellemmes Diarrassouba Doutrelant Dubrulle Duquesnoy Fauvarque Ferhaoui Flahault Fontaine Gajewski Garbe Ghesquière
Gossart Guilbaert Haddadi Hennebelle Herbaut Houssin Jaskula Kaczmar Kamara Kerrouche Lambrecq Lecoustre Ledoux Lefebure Lesaffre
Lheureux Loridan Louchart Maerten Makhloufi Marescaux Masquelin Mbodji Meurillon Mignotte Moreels Nowicki Ouchène Parmentelot
Pereirinha Picavet Poulain Quesnoy Rahmouni Roussel Ruyssen Sadaoui Sauvage Senechal Sidibé Soyez Szymczak Taleb Thellier Touré
Vanbremeersch Vandamme Vasseur Verhaeghe Vermesch Verstraete Wacquez Wambergue Wojcik Yahiaoui Zawadzki
"""
FIRST, LAST = _FIRST.split(), _LAST.split()


def invented(dice: random.Random) -> Iterator[str]:
    """Full names without end, none twice."""
    seen: set[str] = set()
    while True:
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        if name not in seen:
            seen.add(name)
            yield name

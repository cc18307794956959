"""Summers of shared tables and of science. Everything is invented."""

from citizen.demo.stories import Moment
from citizen.demo.stories import NqeStory as Story

TABLES = (
    Story(
        "Tables d’ici et d’ailleurs {at}",
        "Un été de cuisine en plein air, de marchés gratuits et de bals, d’un quartier à l’autre.",
        "Chaque semaine, une famille ouvre sa cuisine dans la rue. Les produits viennent du maraîcher voisin et de l’épicerie "
        "solidaire. Le dernier soir, toutes les tables se touchent.",
        ("Se connaître par ce que l’on partage.", "Cuisiner local, de saison, sans reste jeté."),
        "Dix familles et trois associations ont fait le programme, recette par recette.",
        "Les cuisines sont tenues par les habitants, avec un chef à la retraite.",
        "On pèse les restes et on demande : qui avez-vous rencontré ?",
        (
            ("Épicerie solidaire", "fournit et redistribue"),
            ("Association de parents", "garde les enfants"),
            ("Maraîcher", "livre à vélo"),
        ),
        (
            ("Produits de saison", 2300),
            ("Location de cuisine mobile", 2100),
            ("Musiciens", 1500),
            ("Vaisselle lavable, location", 500),
        ),
        (
            Moment(
                "Première tablée",
                "Une rue fermée, une nappe de 50 mètres.",
                "culture",
                "dans la rue fermée",
                12,
                4,
                "à la salle des fêtes",
                200,
                True,
            ),
            Moment(
                "Cuisine du mercredi",
                "Un plat, une famille, quinze apprentis.",
                "sustainable",
                "sur la placette",
                10,
                3,
                "au centre social",
                20,
            ),
            Moment(
                "Marché gratuit", "On dépose, on prend, on parle.", "sustainable", "sur la placette", 9, 4, "sous la halle", 120
            ),
            Moment("Pétanque et soupe froide", "Équipes mêlées.", "sport", "au boulodrome", 17, 3, "", 50),
            Moment("Pain au four banal", "On pétrit le matin, on mange le soir.", "culture", "au four", 10, 6, "au four", 25),
            Moment(
                "La dernière table",
                "Toutes les recettes, un seul soir.",
                "culture",
                "sur la place",
                18,
                4,
                "sous la halle",
                300,
                True,
            ),
        ),
        "Onze tablées, 1 400 assiettes, quatre kilos de restes en tout.",
        1450,
        "party",
    ),
    Story(
        "Nuits et jours de science {at}",
        "Étoiles, eau, électricité, insectes : un été pour comprendre en faisant.",
        "Des scientifiques et des bricoleurs posent leurs tables dehors. On mesure la chaleur des murs, on regarde Saturne, on "
        "construit une éolienne qui charge un téléphone.",
        ("Apprendre côte à côte, petits et grands.", "Mesurer la chaleur, l’eau et l’énergie du quartier."),
        "Un groupe d’élèves et de parents a choisi douze questions à explorer.",
        "Chaque atelier est tenu par un habitant et un scientifique.",
        "Un carnet de mesures est remis à la mairie en septembre.",
        (("Club d’astronomie", "ouvre ses lunettes"), ("Collège", "prête son laboratoire"), ("Fablab", "construit")),
        (("Médiateurs scientifiques", 3700), ("Matériel loué", 1300), ("Petites fournitures", 600), ("Goûters", 400)),
        (
            Moment(
                "Le grand laboratoire",
                "Vingt tables, vingt expériences.",
                "sustainable",
                "sous la halle",
                14,
                5,
                "sous la halle",
                300,
                True,
            ),
            Moment(
                "Chaleur des murs",
                "On mesure, on compare, on peint en blanc.",
                "sustainable",
                "départ au collège",
                15,
                2,
                "au collège",
                30,
            ),
            Moment("Nuit des étoiles", "Lunettes et couvertures.", "culture", "à la plaine", 22, 3, "", 150, True),
            Moment(
                "Une éolienne de poche", "Assez pour charger un téléphone.", "sustainable", "au fablab", 14, 3, "au fablab", 16
            ),
            Moment("Course d’orientation", "Boussole et énigmes.", "sport", "départ à la halle", 15, 2, "", 60),
            Moment(
                "Petit théâtre des sciences", "Joué par les enfants.", "culture", "sous la halle", 17, 1, "sous la halle", 100
            ),
        ),
        "Douze questions, 840 mesures et une éolienne restée sur le toit du fablab.",
        880,
        "lantern",
    ),
)

"""Summers of festive dates, second half. Everything is invented."""

from citizen.demo.nqe_stories import NQE_STORIES_1
from citizen.demo.stories import Moment as M
from citizen.demo.stories import NqeStory as Story

_NQE_STORIES_2 = (
    Story(
        "Rien ne se jette {at}",
        "Un été d’art avec ce qui se jette : moulins, cerfs-volants, meubles de palettes et défilé.",
        "Chaque semaine, un lieu et une matière : bouteilles, cartons, palettes, tissus. Ce qui est fabriqué reste dans le "
        "quartier, et défile à la fin de l’été dans une parade entre voisins.",
        ("Fabriquer ensemble plutôt qu’acheter chacun.", "Réemployer, trier et compter ce qui a été évité."),
        "Un groupe de quinze habitants a choisi les matières et récupéré les stocks.",
        "Les ateliers sont tenus par des artistes et des bricoleurs du quartier.",
        "La balance est le juge : on pèse ce qui entre et ce qui sort.",
        (("Ressourcerie", "fournit les matières"), ("Atelier d’artistes", "encadre"), ("Syndicat des déchets", "anime le tri")),
        (("Artistes, ateliers", 3900), ("Location d’outils", 900), ("Peintures à l’eau", 600), ("Sonorisation de la parade", 700)),
        (M("Moulins à vent", "Cent moulins en bouteilles pour la place.", "sustainable", "sur la place", 14, 3, "au préau", 60, True),
         M("Cerfs-volants", "En toile de parapluie.", "sustainable", "à la plaine", 14, 3, "au préau", 50),
         M("Meubles de palettes", "Pour les jardins partagés.", "sustainable", "au jardin", 10, 6, "à l’atelier", 20),
         M("Graffitis sur film", "On peint sans abîmer un mur.", "culture", "au skate-park", 15, 3, "au préau", 40),
         M("Labyrinthe du tri", "Courir, trier, gagner.", "sport", "à la plaine", 14, 3, "au gymnase", 80),
         M("Couture de parade", "Costumes en vieux rideaux.", "culture", "au centre social", 14, 3, "au centre social", 25),
         M("La parade", "Tout ce qui a été fait défile.", "culture", "départ de la place", 16, 3, "au gymnase", 450, True)),
        "412 kilos réemployés, cent moulins qui tournent encore et une parade de 400 personnes.", 1280, "bunting",
    ),
    Story(
        "La plage {de}",
        "Du sable, de l’eau, des livres : un petit bord de mer au milieu des immeubles.",
        "Quatre semaines de plage en ville : bac à sable, brumisateurs économes, transats faits de palettes, lectures et "
        "siestes. Le matin pour les tout-petits, le soir pour les grands.",
        ("Un lieu où tout le monde se croise, gratuit et ouvert.", "Peu d’eau, pas de jetable, du mobilier réemployé."),
        "Les familles ont dessiné la plage sur un plan au sol, en avril.",
        "Quarante bénévoles tiennent l’accueil à tour de rôle.",
        "Comptage chaque jour et boîte à idées, lue le vendredi.",
        (("Centre social", "tient l’accueil"), ("Bibliothèque", "vient avec ses bacs"), ("Club de canoë", "initie sur le canal")),
        (("Sable et installation, location", 3400), ("Animateurs", 2600), ("Lectures et ateliers", 900), ("Secours", 700)),
        (M("La plage ouvre", "Premier bain de pieds, fanfare et goûter.", "culture", "sur l’esplanade", 14, 5, "à la salle des fêtes", 400, True),
         M("Matin des tout-petits", "Jeux d’eau et de sable.", "sport", "sur l’esplanade", 10, 2, "au centre social", 40),
         M("Lectures en transat", "On choisit, on écoute, on somnole.", "culture", "sur l’esplanade", 16, 2, "à la bibliothèque", 50),
         M("Canoë sur le canal", "Dès 8 ans, gilets prêtés.", "sport", "au ponton", 14, 3, "", 24),
         M("Beach-volley mixte", "Équipes tirées au sort.", "sport", "sur l’esplanade", 17, 3, "au gymnase", 60),
         M("Transats de palettes", "On ponce, on visse, on s’assied.", "sustainable", "sur l’esplanade", 14, 3, "à l’atelier", 20),
         M("Soirée des voisins", "Chacun apporte un plat.", "culture", "sur l’esplanade", 19, 3, "à la salle des fêtes", 250),
         M("Adieu au sable", "Grand jeu de plage et lâcher de lanternes au sol.", "culture", "sur l’esplanade", 18, 4, "à la salle des fêtes", 350, True)),
        "6 200 passages en quatre semaines, et un club de canoë qui a inscrit 31 enfants.", 6200, "sea",
    ),
    Story(
        "Tables d’ici et d’ailleurs {at}",
        "Un été de cuisine en plein air, de marchés gratuits et de bals, d’un quartier à l’autre.",
        "Chaque semaine, une famille ouvre sa cuisine dans la rue. Les produits viennent du maraîcher voisin et de l’épicerie "
        "solidaire. Le dernier soir, toutes les tables se touchent.",
        ("Se connaître par ce que l’on partage.", "Cuisiner local, de saison, sans reste jeté."),
        "Dix familles et trois associations ont fait le programme, recette par recette.",
        "Les cuisines sont tenues par les habitants, avec un chef à la retraite.",
        "On pèse les restes et on demande : qui avez-vous rencontré ?",
        (("Épicerie solidaire", "fournit et redistribue"), ("Association de parents", "garde les enfants"), ("Maraîcher", "livre à vélo")),
        (("Produits de saison", 2300), ("Location de cuisine mobile", 2100), ("Musiciens", 1500), ("Vaisselle lavable, location", 500)),
        (M("Première tablée", "Une rue fermée, une nappe de 50 mètres.", "culture", "dans la rue fermée", 12, 4, "à la salle des fêtes", 200, True),
         M("Cuisine du mercredi", "Un plat, une famille, quinze apprentis.", "sustainable", "sur la placette", 10, 3, "au centre social", 20),
         M("Marché gratuit", "On dépose, on prend, on parle.", "sustainable", "sur la placette", 9, 4, "sous la halle", 120),
         M("Pétanque et soupe froide", "Équipes mêlées.", "sport", "au boulodrome", 17, 3, "", 50),
         M("Pain au four banal", "On pétrit le matin, on mange le soir.", "culture", "au four", 10, 6, "au four", 25),
         M("La dernière table", "Toutes les recettes, un seul soir.", "culture", "sur la place", 18, 4, "sous la halle", 300, True)),
        "Onze tablées, 1 400 assiettes, quatre kilos de restes en tout.", 1450, "party",
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
        (M("Le grand laboratoire", "Vingt tables, vingt expériences.", "sustainable", "sous la halle", 14, 5, "sous la halle", 300, True),
         M("Chaleur des murs", "On mesure, on compare, on peint en blanc.", "sustainable", "départ au collège", 15, 2, "au collège", 30),
         M("Nuit des étoiles", "Lunettes et couvertures.", "culture", "à la plaine", 22, 3, "", 150, True),
         M("Une éolienne de poche", "Assez pour charger un téléphone.", "sustainable", "au fablab", 14, 3, "au fablab", 16),
         M("Course d’orientation", "Boussole et énigmes.", "sport", "départ à la halle", 15, 2, "", 60),
         M("Petit théâtre des sciences", "Joué par les enfants.", "culture", "sous la halle", 17, 1, "sous la halle", 100)),
        "Douze questions, 840 mesures et une éolienne restée sur le toit du fablab.", 880, "lantern",
    ),
)
NQE_STORIES = NQE_STORIES_1 + _NQE_STORIES_2

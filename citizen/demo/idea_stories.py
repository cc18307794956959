"""Ideas in five lines that wait for a way to happen. Everything is invented."""

IDEAS = (
    (
        "Une fresque sur le mur du stade",
        "Le mur gris fait deux cents mètres. Les enfants ont déjà des dessins plein les poches.",
    ),
    (
        "Un bébé-gym le samedi matin",
        "Les parents de tout-petits ne se croisent nulle part. Une salle, des tapis, et un café pour les grands.",
    ),
    ("Un atelier couture au premier étage", "On a trois machines et aucune idée de par où commencer. Qui sait coudre ?"),
    ("Des nichoirs dans les tilleuls", "Les mésanges mangent les chenilles. On pourrait les fabriquer avec le collège."),
    ("Un banc devant la pharmacie", "On attend debout, même à quatre-vingts ans. Un banc, ce serait tout."),
    ("Une ludothèque sur roulettes", "Une remorque pleine de jeux qui changerait d’immeuble chaque mercredi."),
    ("Un carnaval de quartier", "Avec des costumes faits de vieux draps, et une fanfare qui passe sous toutes les fenêtres."),
    ("Un tableau d’entraide dans les halls", "« Je peux », « je cherche » : deux colonnes, et la vie serait plus simple."),
    ("Une course de caisses à savon", "La pente est parfaite. Il ne manque que des roues et un casque pour chacun."),
    ("Un café des langues", "On parle dix-sept langues ici : chacun apprendrait dix mots par semaine."),
    ("Un kiosque à musique", "Il y en avait un autrefois. On garde une carte postale, et l’envie de danser."),
    (
        "Un été entre les deux quartiers",
        "Les enfants d’en haut ne connaissent pas ceux d’en bas. Un été ensemble changerait tout.",
    ),
)
WITHDRAWN_IDEA = ("Un feu d’artifice sur le canal", "Trop cher, et les canards n’ont rien demandé : nous avons retiré l’idée.")

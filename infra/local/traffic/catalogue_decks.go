package traffic

// decks are the phone's: three cards and two questions each.
func decks() []*module {
	return []*module{
		{slug: "hands", kind: cards, name: text{"Hands", "Les mains"}, hard: 10, questions: []string{"rub-seconds", "gloves-replace"},
			pages: []text{{"Thirty seconds", "Trente secondes"}, {"Thumbs are forgotten", "On oublie les pouces"}, {"Dry before gloves", "Sec avant les gants"}}},
		{slug: "passwords", kind: cards, name: text{"Passwords", "Les mots de passe"}, hard: 15, questions: []string{"passphrase", "screen-lock"},
			pages: []text{{"Long beats odd", "Long vaut mieux que bizarre"}, {"One for each", "Un pour chacun"}, {"Never on paper", "Jamais sur papier"}}},
		{slug: "falls", kind: cards, name: text{"Falls", "Les chutes"}, hard: 20, questions: []string{"fall-first", "brakes"},
			pages: []text{{"Light at night", "De la lumière la nuit"}, {"Shoes", "Les chaussures"}, {"After a fall", "Après une chute"}}},
		{slug: "pressure-sores", kind: cards, name: text{"Pressure sores", "Les escarres"}, hard: 35, questions: []string{"turn-hours", "heels"},
			pages: []text{{"Where they begin", "Où elles commencent"}, {"Turning", "Changer de position"}, {"Eating and drinking", "Manger et boire"}}},
		{slug: "insulin", kind: cards, name: text{"Insulin", "L'insuline"}, hard: 50, questions: []string{"units", "hypo"},
			pages: []text{{"Units, not millilitres", "Des unités, pas des millilitres"}, {"Before the meal", "Avant le repas"}, {"Low sugar", "L'hypoglycémie"}}},
		{slug: "own-back", kind: cards, name: text{"Your own back", "Votre dos"}, hard: 10, questions: []string{"alone", "useful"},
			pages: []text{{"Bend your knees", "Pliez les genoux"}, {"Raise the bed", "Montez le lit"}, {"Ask for a hand", "Demandez de l'aide"}}},
		{slug: "dementia", kind: cards, name: text{"Dementia", "La démence"}, hard: 30, questions: []string{"wander", "first-sentence"},
			pages: []text{{"Say your name", "Dites votre nom"}, {"One question at a time", "Une question à la fois"}, {"Do not argue", "Ne contredisez pas"}}},
		{slug: "hydration", kind: cards, name: text{"Drinking enough", "Boire assez"}, hard: 20, questions: []string{"thirst", "turn-hours"},
			pages: []text{{"Thirst fades with age", "La soif diminue avec l'âge"}, {"Signs", "Les signes"}, {"Small glasses, often", "De petits verres, souvent"}}},
	}
}

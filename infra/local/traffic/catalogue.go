package traffic

// catalogue is what Calderwood Care teaches. The last course is for the phone, beside the others.
func catalogue() []*course {
	return []*course{
		{slug: "infection-prevention", name: text{"Infection prevention", "Prévention des infections"}, ways: [][]*module{{
			{slug: "why-hands-matter", kind: lesson, name: text{"Why hands matter", "Pourquoi les mains comptent"}, hard: 10, minutes: 9,
				pages: []text{{"How germs travel", "Comment voyagent les germes"}, {"The five moments", "Les cinq moments"}, {"Skin that stays healthy", "Garder une peau saine"}}},
			{slug: "six-steps", kind: watch, name: text{"Hand hygiene in six steps", "L'hygiène des mains en six étapes"}, hard: 15,
				film: film{252, [2]int{96, 138}, [2]int{0, 14}}},
			{slug: "protective-equipment", kind: lesson, name: text{"Gloves, gowns and masks", "Gants, blouses et masques"}, hard: 25, minutes: 12,
				pages: []text{{"Putting on", "Mettre"}, {"Taking off", "Enlever"}, {"When not to wear gloves", "Quand ne pas porter de gants"}, {"Waste", "Les déchets"}}},
			{slug: "test", kind: quiz, name: text{"Infection prevention: test", "Prévention des infections : test"}, hard: 30, mastery: 65,
				questions: []string{"hand-moments", "gloves-replace", "six-steps-order", "rub-seconds", "gown-off", "mask-match"}},
		}}},
		{slug: "fire-safety", name: text{"Fire safety", "Sécurité incendie"}, ways: fireSafety()},
		{slug: "data-protection", name: text{"Data protection at work", "La protection des données au travail"}, ways: [][]*module{{
			{slug: "whose-data", kind: lesson, name: text{"Whose data is it?", "À qui sont ces données ?"}, hard: 15, minutes: 8,
				pages: []text{{"What a patient may expect", "Ce qu'un patient peut attendre"}, {"Need to know", "Le besoin d'en connaître"}, {"Talking in the lift", "Parler dans l'ascenseur"}}},
			{slug: "phishing", kind: watch, name: text{"Anatomy of a phishing mail", "Anatomie d'un courriel d'hameçonnage"}, hard: 10,
				film: film{318, [2]int{142, 190}, [2]int{300, 318}}},
			{slug: "test", kind: quiz, name: text{"Data protection: test", "Protection des données : test"}, hard: 25, mastery: 75,
				questions: []string{"mail-attachment", "screen-lock", "breach-hours", "who-may-read", "phishing-signs"}},
		}}},
		{slug: "first-aid", name: text{"First aid and resuscitation", "Premiers secours et réanimation"}, ways: [][]*module{{
			{slug: "chain-of-survival", kind: watch, name: text{"The chain of survival", "La chaîne de survie"}, hard: 10,
				film: film{421, [2]int{205, 262}, [2]int{0, 22}}},
			{slug: "recognise", kind: lesson, name: text{"Recognise, call, act", "Reconnaître, appeler, agir"}, hard: 20, minutes: 11,
				pages: []text{{"Is it safe?", "Est-ce sûr ?"}, {"Breathing or not?", "Respire-t-il ?"}, {"The call", "L'appel"}}},
			{slug: "practice", kind: meeting, name: text{"First aid: practice in the class", "Premiers secours : pratique en salle"}, hard: 20, minutes: 180},
			{slug: "cardiac-arrest", kind: simulation, name: text{"Cardiac arrest on the ward", "Arrêt cardiaque dans le service"}, hard: 45, mastery: 60,
				questions: []string{"resuscitation", "compressions", "arrest-order", "aed-pads"}},
		}}},
		{slug: "medication-safety", name: text{"Medication safety", "Sécurité du médicament"}, ways: [][]*module{{
			{slug: "five-rights", kind: lesson, name: text{"The five rights", "Les cinq B"}, hard: 15, minutes: 10,
				pages: []text{{"Right patient, right drug", "Bon patient, bon médicament"}, {"Right dose, right route", "Bonne dose, bonne voie"}, {"Right time", "Bon moment"}}},
			{slug: "doses", kind: quiz, name: text{"Working out doses", "Calculer les doses"}, hard: 75, mastery: 80,
				questions: []string{"drip-rate", "tablets", "dose-by-weight", "dilution", "units"}},
			{slug: "double-check", kind: watch, name: text{"The double check", "La double vérification"}, hard: 20,
				film: film{560, [2]int{310, 394}, [2]int{530, 560}}},
			{slug: "test", kind: quiz, name: text{"Medication safety: test", "Sécurité du médicament : test"}, hard: 45, mastery: 70,
				questions: []string{"look-alike", "route-match", "giving-order", "allergy", "error-report"}},
		}}},
		{slug: "moving-people", name: text{"Moving and lifting people", "Manutention des personnes"}, ways: [][]*module{{
			{slug: "backs", kind: watch, name: text{"How backs get hurt", "Comment on se blesse le dos"}, hard: 10,
				film: film{288, [2]int{88, 121}, [2]int{270, 288}}},
			{slug: "hoist", kind: meeting, name: text{"Hoist and slide sheet: practice", "Lève-personne et drap de glisse : pratique"}, hard: 15, minutes: 120},
			{slug: "transfer", kind: simulation, name: text{"From bed to chair", "Du lit au fauteuil"}, hard: 35, mastery: 60,
				questions: []string{"bed-to-chair", "brakes", "transfer-order"}},
			{slug: "test", kind: quiz, name: text{"Moving people: test", "Manutention : test"}, hard: 20, mastery: 70,
				questions: []string{"alone", "load-limit", "aids-match", "brakes"}},
		}}},
		{slug: "conversations", name: text{"Difficult conversations", "Les conversations difficiles"}, ways: [][]*module{{
			{slug: "listening", kind: watch, name: text{"Listening first", "D'abord écouter"}, hard: 15,
				film: film{374, [2]int{180, 216}, [2]int{0, 30}}},
			{slug: "bad-news", kind: watch, name: text{"Bringing bad news", "Annoncer une mauvaise nouvelle"}, hard: 35,
				film: film{645, [2]int{402, 470}, [2]int{600, 640}}},
			{slug: "reflection", kind: quiz, name: text{"Looking back", "Regard en arrière"}, hard: 30,
				questions: []string{"confidence", "own-example", "first-sentence", "useful"}},
		}}},
		{slug: "two-minutes", name: text{"Two minutes a day", "Deux minutes par jour"}, ways: [][]*module{decks()}},
	}
}

// fireSafety is taught in three manners that end in the same test, so that they can be compared.
func fireSafety() [][]*module {
	test := &module{slug: "test", kind: quiz, name: text{"Fire safety: test", "Sécurité incendie : test"}, hard: 35, mastery: 70,
		questions: []string{"alarm-first", "extinguisher", "smoke-crawl", "lift", "assembly-point"}}
	return [][]*module{
		{{slug: "online", kind: lesson, name: text{"Fire safety online", "Sécurité incendie en ligne"}, hard: 45, minutes: 25,
			pages: []text{{"How fire spreads", "Comment le feu se propage"}, {"Extinguishers", "Les extincteurs"}, {"Ways out", "Les issues"}, {"People who cannot walk", "Les personnes qui ne marchent pas"}}}, test},
		{{slug: "class", kind: meeting, name: text{"Fire safety in the yard", "Sécurité incendie dans la cour"}, hard: 15, minutes: 90}, test},
		{{slug: "evacuation", kind: simulation, name: text{"Evacuating ward 3", "Évacuer le service 3"}, hard: 30, mastery: 60,
			questions: []string{"evacuation", "door-hand", "evacuation-order"}}, test},
	}
}

package traffic

// officeQuestions are about data, fire, lifting and talking.
func officeQuestions() []*question {
	return []*question{
		{slug: "mail-attachment", kind: "choice", name: text{"An unknown sender attaches an invoice. You:", "Un expéditeur inconnu joint une facture. Vous :"}, hard: 20,
			right: "report", others: []string{"delete", "open"},
			options: []option{{"open", "Open it", "L'ouvrez"}, {"report", "Report it", "Le signalez"}, {"delete", "Delete it", "Le supprimez"}}},
		{slug: "screen-lock", kind: "true-false", name: text{"You lock the screen even for one minute.", "On verrouille l'écran même pour une minute."}, hard: 10,
			right: "true", others: []string{"false"}},
		{slug: "breach-hours", kind: "numeric", name: text{"Within how many hours is a data breach notified?", "En combien d'heures notifie-t-on une violation de données ?"}, hard: 60,
			right: "72", others: []string{"24", "48", "12"}},
		{slug: "who-may-read", kind: "choice", name: text{"Who may read a patient's file?", "Qui peut lire le dossier d'un patient ?"}, hard: 35,
			right: "treating", others: []string{"ward", "all"},
			options: []option{{"treating", "Those who treat the patient", "Ceux qui soignent le patient"}, {"ward", "Everybody on the ward", "Tout le service"}, {"all", "All staff", "Tout le personnel"}}},
		{slug: "phishing-signs", kind: "fill-in", name: text{"What do you check before you follow a link?", "Que vérifiez-vous avant de suivre un lien ?"}, hard: 40,
			right: "{case_matters=false}the address[,]the sender", answer: "the address", others: []string{"the logo", "the spelling", "the date"}},
		{slug: "passphrase", kind: "choice", name: text{"Which password is the strongest?", "Quel mot de passe est le plus fort ?"}, hard: 30,
			right: "long", others: []string{"odd", "name"},
			options: []option{{"odd", "P4$$w0rd", "M0t2p@sse"}, {"long", "lamp river seven green", "lampe rivière sept vert"}, {"name", "Calderwood2024", "Calderwood2024"}}},

		{slug: "alarm-first", kind: "sequencing", name: text{"There is fire in a room. In which order?", "Le feu est dans une chambre. Dans quel ordre ?"}, hard: 50,
			right: "rescue[,]alarm[,]close[,]fight", others: []string{"alarm[,]rescue[,]close[,]fight", "fight[,]alarm[,]rescue[,]close", "rescue[,]close[,]alarm[,]fight"},
			options: []option{{"alarm", "Raise the alarm", "Donner l'alarme"}, {"close", "Close the door", "Fermer la porte"}, {"fight", "Fight the fire", "Combattre le feu"}, {"rescue", "Get people out", "Sortir les personnes"}}},
		{slug: "extinguisher", kind: "matching", name: text{"Which extinguisher for which fire?", "Quel extincteur pour quel feu ?"}, hard: 60,
			right: "paper[.]water[,]switchboard[.]co2", others: []string{"paper[.]co2[,]switchboard[.]water", "paper[.]water[,]switchboard[.]water"},
			options: []option{{"paper", "Paper", "Papier"}, {"switchboard", "Switchboard", "Tableau électrique"}},
			targets: []option{{"water", "Water", "Eau"}, {"co2", "Carbon dioxide", "Dioxyde de carbone"}}},
		{slug: "smoke-crawl", kind: "true-false", name: text{"In smoke, you stay near the floor.", "Dans la fumée, on reste près du sol."}, hard: 10,
			right: "true", others: []string{"false"}},
		{slug: "lift", kind: "true-false", name: text{"Lifts may be used to bring beds out.", "On peut évacuer les lits par l'ascenseur."}, hard: 30,
			right: "false", others: []string{"true"}},
		{slug: "assembly-point", kind: "fill-in", name: text{"Where do you meet after leaving the building?", "Où vous retrouvez-vous après avoir quitté le bâtiment ?"}, hard: 35,
			right: "{case_matters=false}assembly point[,]car park", answer: "assembly point", others: []string{"at the entrance", "at home", "in the garden"}},

		{slug: "alone", kind: "true-false", name: text{"A short lift may be done alone.", "On peut soulever seul si c'est court."}, hard: 25,
			right: "false", others: []string{"true"}},
		{slug: "load-limit", kind: "numeric", name: text{"From how many kg on do you use a hoist?", "À partir de combien de kg utilise-t-on un lève-personne ?"}, hard: 45,
			right: "15[:]25", answer: "25", others: []string{"50", "40", "80"}},
		{slug: "aids-match", kind: "matching", name: text{"Which aid for which move?", "Quelle aide pour quel mouvement ?"}, hard: 40,
			right: "up-bed[.]sheet[,]to-chair[.]hoist", others: []string{"up-bed[.]hoist[,]to-chair[.]sheet", "up-bed[.]belt[,]to-chair[.]hoist"},
			options: []option{{"up-bed", "Up the bed", "Vers le haut du lit"}, {"to-chair", "To the chair, cannot stand", "Au fauteuil, ne tient pas debout"}},
			targets: []option{{"sheet", "Slide sheet", "Drap de glisse"}, {"hoist", "Hoist", "Lève-personne"}, {"belt", "Belt", "Ceinture"}}},

		{slug: "confidence", kind: "likert", name: text{"I feel ready for the next difficult conversation.", "Je me sens prêt pour la prochaine conversation difficile."}, hard: 10,
			others: []string{"4", "3", "5", "2", "1"}, options: agreement()},
		{slug: "useful", kind: "likert", name: text{"This was useful for my work.", "Cela m'a été utile au travail."}, hard: 10,
			others: []string{"5", "4", "3", "2", "1"}, options: agreement()},
		{slug: "own-example", kind: "long-fill-in", name: text{"Tell of a conversation that went well.", "Racontez une conversation qui s'est bien passée."}, hard: 50,
			others: []string{
				"A daughter was angry about the food. I sat down, let her finish, and we wrote to the kitchen together.",
				"Un patient refusait ses médicaments. Je lui ai demandé pourquoi ; il avait peur de dormir trop.",
				"I told a family that the operation was put off. They were calm because I said it at once.",
				"Nothing comes to mind.",
			}},
		{slug: "first-sentence", kind: "choice", name: text{"How do you begin?", "Comment commencez-vous ?"}, hard: 35,
			right: "name", others: []string{"weather", "file"},
			options: []option{{"weather", "With the weather", "Par la météo"}, {"name", "With your name and what you are here for", "Par votre nom et la raison de votre venue"}, {"file", "By reading the file aloud", "En lisant le dossier à voix haute"}}},
	}
}

func agreement() []option {
	return []option{{"1", "Not at all", "Pas du tout"}, {"2", "Rather not", "Plutôt non"}, {"3", "So so", "Moyennement"}, {"4", "Rather yes", "Plutôt oui"}, {"5", "Fully", "Tout à fait"}}
}

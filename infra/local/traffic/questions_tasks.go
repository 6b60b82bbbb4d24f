package traffic

// taskQuestions are what simulations ask people to do.
func taskQuestions() []*question {
	return []*question{
		{slug: "resuscitation", kind: "performance", name: text{"Resuscitate the patient.", "Réanimez le patient."}, hard: 45,
			right: "call[.]true[,]rate[.]100:120[,]depth[.]5:6", answer: "call[.]true[,]rate[.]112[,]depth[.]5.5",
			others:  []string{"call[.]true[,]rate[.]140[,]depth[.]5", "call[.]true[,]rate[.]95[,]depth[.]3.5", "call[.]false[,]rate[.]110[,]depth[.]5"},
			options: []option{{"call", "Calls for help", "Appelle à l'aide"}, {"rate", "Compressions a minute", "Compressions par minute"}, {"depth", "Depth in cm", "Profondeur en cm"}}},
		{slug: "compressions", kind: "numeric", name: text{"How many compressions before two breaths?", "Combien de compressions avant deux insufflations ?"}, hard: 20,
			right: "30", others: []string{"15", "20", "100"}},
		{slug: "arrest-order", kind: "sequencing", name: text{"What did you do, in which order?", "Qu'avez-vous fait, dans quel ordre ?"}, hard: 40,
			right: "check[,]call[,]press[,]shock", others: []string{"check[,]press[,]call[,]shock", "call[,]check[,]press[,]shock"},
			options: []option{{"press", "Press", "Masser"}, {"shock", "Shock", "Choquer"}, {"check", "Check breathing", "Vérifier la respiration"}, {"call", "Call", "Appeler"}}},
		{slug: "aed-pads", kind: "choice", name: text{"Where do the pads go?", "Où vont les électrodes ?"}, hard: 30,
			right: "collar-side", others: []string{"both-top", "back"},
			options: []option{{"collar-side", "Below the right collarbone and on the left side", "Sous la clavicule droite et sur le côté gauche"}, {"both-top", "Both on the chest's top", "Toutes deux en haut du thorax"}, {"back", "On the back", "Dans le dos"}}},

		{slug: "bed-to-chair", kind: "performance", name: text{"Move the patient to the chair.", "Installez le patient au fauteuil."}, hard: 40,
			right: "brakes[.]true[,]height[.]60:75[,]angle[.]:20", answer: "brakes[.]true[,]height[.]68[,]angle[.]12",
			others:  []string{"brakes[.]true[,]height[.]45[,]angle[.]35", "brakes[.]false[,]height[.]65[,]angle[.]15", "brakes[.]true[,]height[.]50[,]angle[.]18"},
			options: []option{{"brakes", "Brakes on", "Freins serrés"}, {"height", "Height of the bed in cm", "Hauteur du lit en cm"}, {"angle", "Bend of the back in degrees", "Flexion du dos en degrés"}}},
		{slug: "brakes", kind: "true-false", name: text{"Brakes are set before a transfer.", "On serre les freins avant un transfert."}, hard: 10,
			right: "true", others: []string{"false"}},
		{slug: "transfer-order", kind: "sequencing", name: text{"In which order did you move?", "Dans quel ordre avez-vous procédé ?"}, hard: 45,
			right: "tell[,]brakes[,]sit[,]stand", others: []string{"brakes[,]tell[,]sit[,]stand", "tell[,]sit[,]brakes[,]stand"},
			options: []option{{"stand", "Stand up together", "Se lever ensemble"}, {"sit", "Sit on the edge", "S'asseoir au bord"}, {"tell", "Say what is to come", "Dire ce qui va se passer"}, {"brakes", "Set the brakes", "Serrer les freins"}}},

		{slug: "evacuation", kind: "performance", name: text{"Get four patients out of ward 3.", "Sortez quatre patients du service 3."}, hard: 35,
			right: "patients[.]4[,]doors[.]true[,]seconds[.]:240", answer: "patients[.]4[,]doors[.]true[,]seconds[.]205",
			others:  []string{"patients[.]4[,]doors[.]false[,]seconds[.]221", "patients[.]3[,]doors[.]true[,]seconds[.]238", "patients[.]4[,]doors[.]true[,]seconds[.]312"},
			options: []option{{"patients", "Patients brought out", "Patients évacués"}, {"doors", "Doors closed", "Portes fermées"}, {"seconds", "Seconds it took", "Secondes écoulées"}}},
		{slug: "door-hand", kind: "choice", name: text{"How do you test a closed door?", "Comment testez-vous une porte fermée ?"}, hard: 30,
			right: "back", others: []string{"palm", "open"},
			options: []option{{"palm", "With the palm", "Avec la paume"}, {"back", "With the back of the hand", "Avec le dos de la main"}, {"open", "By opening it a little", "En l'entrouvrant"}}},
		{slug: "evacuation-order", kind: "sequencing", name: text{"Who did you bring out, in which order?", "Qui avez-vous évacué, dans quel ordre ?"}, hard: 50,
			right: "near[,]walking[,]wheelchair[,]bed", others: []string{"bed[,]wheelchair[,]walking[,]near", "walking[,]near[,]wheelchair[,]bed"},
			options: []option{{"bed", "In bed", "Alités"}, {"near", "Next to the fire", "Près du feu"}, {"wheelchair", "In wheelchairs", "En fauteuil"}, {"walking", "On their feet", "Valides"}}},
	}
}

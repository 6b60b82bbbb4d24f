package traffic

// platform is a program that sends statements.
type platform struct {
	name, home string
}

// The programs of the organisation.
var (
	learn     = &platform{"Calderwood Learn", "https://learn.example.org"}
	video     = &platform{"Calderwood Video", "https://video.example.org"}
	pocket    = &platform{"Calderwood Pocket", "https://pocket.example.org"}
	classroom = &platform{"Calderwood Classroom", "https://classroom.example.org"}
	lab       = &platform{"Calderwood VR Lab", "https://lab.example.org"}
)

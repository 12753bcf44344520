module example.com/haoma

go 1.19

# Of what `./run.sh runs` prints: the best validations of runs that are called NAME-seed-N, as mean and standard deviation over the seeds.
$1 ~ /-seed-[0-9]+$/ {
  name = $1
  sub(/-seed-[0-9]+$/, "", name)
  for (i = 2; i <= NF && $i != "nats"; i++) value = $i
  if (!(name in seeds)) names[++count] = name
  seeds[name]++
  sum[name] += value
  squares[name] += value * value
}
END {
  printf("%-20s  %5s  %22s  %18s\n", "run", "seeds", "validation loss [nats]", "standard deviation")
  for (i = 1; i <= count; i++) {
    name = names[i]
    mean = sum[name] / seeds[name]
    spread = sqrt((squares[name] - seeds[name] * mean * mean) / (seeds[name] - 1))
    printf("%-20s  %5d  %22.2f  %18.2f\n", name, seeds[name], mean, spread)
  }
}

# Of what `./run.sh runs` prints: the best validations of runs that are called NAME-seed-N, and how much they are above those of
# BASE-seed-N (-v base=BASE; else together), as mean and standard deviation over the seeds.
BEGIN { if (base == "") base = "together" }
$1 ~ /-seed-[0-9]+$/ {
  seed = name = $1
  sub(/-seed-[0-9]+$/, "", name)
  sub(/.*-/, "", seed)
  for (i = 2; i <= NF && $i != "nats"; i++) loss[name, seed] = $i
  if (!(name in seeds)) names[++count] = name
  seeds[name] = seeds[name] " " seed
}
# Sets `mean` and `deviation` of the losses of `name`, less those of `other` if it is given.
function spread(name, other,    n, i, each, x, sum, squares) {
  n = split(seeds[name], each, " ")
  for (i = 1; i <= n; i++) {
    x = loss[name, each[i]] - (other == "" ? 0 : loss[other, each[i]])
    sum += x
    squares += x * x
  }
  mean = sum / n
  deviation = sqrt((squares - n * mean * mean) / (n - 1))
  return n
}
END {
  printf("%-26s  %5s  %22s  %18s\n", "run", "seeds", "validation loss [nats]", "above " base)
  for (i = 1; i <= count; i++) {
    n = spread(names[i])
    printf("%-26s  %5d  %12.2f +- %6.2f", names[i], n, mean, deviation)
    if (names[i] != base) {
      spread(names[i], base)
      printf("  %8.2f +- %6.2f", mean, deviation)
    }
    printf("\n")
  }
  print "\n+-: standard deviation over the seeds, not the mean's error"
}

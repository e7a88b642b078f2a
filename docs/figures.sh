#!/usr/bin/env bash
# Makes the pictures of docs/images and the measurements of docs/figures anew, and the pages that quote them: ./run.sh figures.
# Beside each result lies a .json with the commands, the revision, the machine and the date.
#
#   figures.sh RUN_SH [GROUP ...] [--output FOLDER]
#
#   GROUP             tour (the default: three minutes), multiscale-quickstart (two), verify (half a minute, and in the tour), known (ten), mixed (ten), local-steps and own-rows (MNIST is needed: ten each), outliers (MNIST and Fashion-MNIST are needed: half an hour), anomalies (ADBench's tables are needed), mnist-vae, mnist-vae-conv, mnist-classes, mnist-realnvp, mnist-multiscale,
#                     mnist-curve, estimators, precision, speed, speed-convolutions; or pages: nothing is measured,
#                     docs/results.md, docs/speed.md and README.md's table are made of what is stored
#   --long            every group: some six hours. MNIST is needed, and a machine that does nothing else
#   --output FOLDER   writes FOLDER/images and FOLDER/figures instead of docs/..., and no page
set -euo pipefail

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

program=$1
shift
root=$(dirname -- "$program")
all=(tour multiscale-quickstart verify known mixed local-steps own-rows outliers anomalies mnist-vae mnist-vae-conv mnist-classes mnist-realnvp mnist-multiscale mnist-curve estimators precision speed speed-convolutions)
groups=()
output=$root/docs
while [ $# -gt 0 ]; do
  case $1 in
    --long) groups+=("${all[@]}") ;;
    --output)
      [ $# -ge 2 ] || fail "--output: give a folder"
      mkdir -p -- "$2"
      output=$(readlink -f -- "$2")
      shift
      ;;
    *)
      [[ " ${all[*]} pages " == *" $1 "* ]] || fail "figures: there is no '$1'; use ${all[*]}, pages, --long, --output FOLDER"
      groups+=("$1")
      ;;
  esac
  shift
done
[ ${#groups[@]} -gt 0 ] || groups=(tour)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$output/images" "$output/figures"
for folder in configs datasets docs; do ln -s "$root/$folder" "$work/$folder"; done
ln -s "$program" "$work/run.sh"
# Commands are given as the pages quote them.
cd "$work"

# ---- results and where they are from ---------------------------------------------------------------------------------

# Prints its arguments, one a line, as a JSON array.
json_array() {
  local separator='' line
  printf '['
  for line in "$@"; do
    line=${line//\\/\\\\}
    line=${line//$'\n'/\\n}
    printf '%s"%s"' "$separator" "${line//\"/\\\"}"
    separator=', '
  done
  printf ']'
}

# Prints what is built and run now; pages and figures change nothing of that.
revision() {
  local changed
  changed=$(git -C "$root" status --porcelain -- . ':!docs' ':!README.md' 2>/dev/null || true)
  printf '%s%s' "$(git -C "$root" describe --always --exclude '*' 2>/dev/null || printf 'unknown')" "${changed:+-dirty}"
}

cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
mapfile -t version < <(./run.sh --version)

# Writes file $1.json: how the result was made, by the commands that follow.
provenance() {
  local file=$1
  shift
  {
    printf '{\n  "commands": %s,\n' "$(json_array "$@")"
    printf '  "revision": "%s",\n  "date": "%s",\n' "$(revision)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    printf '  "machine": "%s, %s processors",\n  "version": %s,\n' "$cpu" "$(nproc)" "$(json_array "${version[@]}")"
    printf '  "load": "%s"\n}\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
  } >"$file.json"
}

# Keeps picture $2 as image $1; what follows are the commands that made it.
picture() {
  local name=$1 from=$2
  shift 2
  cp -- "$from" "$output/images/$name.png"
  provenance "$output/images/$name" "$@"
  printf 'images/%s.png\n' "$name"
}

# Keeps what command $2 prints as figure $1, below the command itself; what follows are commands that came before.
figure() {
  local name=$1 command=$2
  shift 2
  # Without the lines that tell how far a command is, which come at other times in each run.
  { printf '$ %s\n' "$command"; bash -c "$command" | sed -E '/^[a-z ]+  [0-9]+\/[0-9]+ \([0-9]+%\)(, .*)?$/d'; } >"$work/figure"
  mv -- "$work/figure" "$output/figures/$name.txt"
  provenance "$output/figures/$name" "$@" "$command"
  printf 'figures/%s.txt\n' "$name"
}

# Runs a command for what it leaves in runs.
quietly() { bash -c "$1" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; fail "failed: $1"; }; }

chromium=${LIKELIHOOD4J_CHROMIUM:-/usr/bin/chromium}

# Keeps the beginning of page $2 as image $1, 960 pixels wide, of a window of 1280 by $3 pixels; what follows are the commands that made
# the page.
screenshot() {
  local name=$1 page=$2 options=(--window-size="1280,$3" --force-device-scale-factor=0.75)
  shift 3
  "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" "${options[@]}" \
    --virtual-time-budget=5000 --screenshot="$work/page.png" "file://$work/$page" >"$work/log" 2>&1 ||
    fail "$(tail -n 3 "$work/log")"
  picture "$name" "$work/page.png" "$@" "chromium --headless --hide-scrollbars ${options[*]} --screenshot $page"
}

# ---- the tour --------------------------------------------------------------------------------------------------------

tour() {
  [ -x "$chromium" ] || fail "$chromium is not there: install Chromium (Debian: apt install chromium)"
  local kind model vae='./run.sh train configs/quickstart-vae.yaml'
  local flow='./run.sh train configs/quickstart-realnvp-flat.yaml'
  figure train-vae "$vae"
  figure train-realnvp "$flow"
  for kind in samples reconstructions interpolations traversals; do
    picture "quickstart-vae-$kind" "runs/quickstart-vae/$kind/epoch-0015.png" "$vae"
  done
  for kind in samples reconstructions traversals; do
    picture "quickstart-realnvp-$kind" "runs/quickstart-realnvp-flat/$kind/epoch-0004.png" "$flow"
  done
  figure evaluate-vae './run.sh evaluate runs/quickstart-vae --images 1000' "$vae"
  figure evaluate-realnvp './run.sh evaluate runs/quickstart-realnvp-flat' "$flow"
  figure reconstruct-realnvp './run.sh reconstruct runs/quickstart-realnvp-flat' "$flow"
  figure traverse-realnvp './run.sh traverse runs/quickstart-realnvp-flat' "$flow"
  verify
  figure runs './run.sh runs' "$vae" "$flow"
  for model in vae realnvp-flat; do
    quietly "./run.sh report runs/quickstart-$model"
  done
  screenshot report-vae runs/quickstart-vae/report.html 2231 "$vae" './run.sh evaluate runs/quickstart-vae --images 1000' \
    './run.sh report runs/quickstart-vae'
  screenshot report-realnvp runs/quickstart-realnvp-flat/report.html 2011 "$flow" './run.sh evaluate runs/quickstart-realnvp-flat' \
    './run.sh report runs/quickstart-realnvp-flat'

  local toy='./run.sh train configs/toy-2d.yaml'
  quietly "$toy"
  picture toy-2d runs/toy-2d/samples/epoch-0030.png "$toy"
  figure evaluate-toy-2d './run.sh evaluate runs/toy-2d' "$toy"
}

# The quickstart of convolutions, which is told each digit.
multiscale_quickstart() {
  local train='./run.sh train configs/quickstart-realnvp.yaml'
  figure train-multiscale-quickstart "$train"
  picture multiscale-quickstart-samples runs/quickstart-realnvp/samples/epoch-0002.png "$train"
  figure evaluate-multiscale-quickstart './run.sh evaluate runs/quickstart-realnvp' "$train"
}

# The derivations' checks.
verify() { figure verify './run.sh verify --seed 1'; }

# Flows of points whose density is known, and the ladder of families on a table of eight columns.
known() {
  local name density changes train started splines='./run.sh train configs/toy-splines.yaml' trained=()
  for name in ring banana moons checkerboard scales scales-standardized; do
    density=${name%-standardized}
    case $name in
      banana) changes=' --set model.family=derived' ;;
      scales) changes=' --set model.marginals=gaussian' ;;
      *) changes= ;;
    esac
    train="$splines --set name=known-$name --set data.density=$density$changes"
    started=$SECONDS
    quietly "$train"
    printf '$ time %s\n%s: %s s\n' "$train" "$name" $((SECONDS - started)) >>"$work/times"
    trained+=("time $train")
    figure "evaluate-known-$name" "./run.sh evaluate runs/known-$name" "$train"
    case $name in
      moons | checkerboard) picture "known-$name" "runs/known-$name/samples/epoch-0006.png" "$train" ;;
    esac
  done
  mv -- "$work/times" "$output/figures/time-known.txt"
  provenance "$output/figures/time-known" "${trained[@]}"
  rung affine ' --set model.architecture=flat --set model.family=affine --set model.mixing=none --set model.conditioner.type=dense \
      --set model.conditioner.hidden=[64,64] --set model.conditioner.width=null --set model.conditioner.blocks=null'
  rung mixed ' --set model.architecture=flat --set model.family=affine'
  rung spline ' --set model.architecture=flat'
  rung autoregressive ''
}

# A table of mixed columns of known entropy, and what is in the way of it.
mixed() {
  local seed vae='./run.sh train configs/toy-mixed.yaml' normal=" --set 'model.prior={type: normal}'"
  for seed in 1 2 3; do evaluated "mixed-$seed" "$vae --set seed=$seed --set data.seed=$seed"; done
  evaluated mixed-given "$vae --set 'model.condition=[colour,member]'"
  evaluated mixed-normal "$vae$normal"
  evaluated mixed-elbo "$vae$normal --set loss.importanceSamples=1"
  evaluated mixed-flow './run.sh train configs/toy-table.yaml --set data.density=mixed --set data.train=20000 --set training.epochs=20 \
      --set evaluation.importanceSamples=100'
}

# Replicas that take H steps alone, beside steps together and one worker with its rows of each batch alone: 500 steps each, three seeds.
local_steps() {
  local images="--set 'data={type: mnist, validation: 40000}' --set training.epochs=10" trained=() steps after
  local vae='./run.sh train configs/quickstart-vae.yaml --set training.emaDecay=null --set training.validateEvery=10 \
      --set training.imagesEvery=10 --set diagnostics.gradientDraws=0' four='--set training.batchSize=400 --set training.shards=4'
  seeds together "$vae $images $four"
  for after in 0 1; do
    for steps in 1 10 50; do
      seeds "alone-$steps-after-$after" "$vae $images $four --set 'training.local={steps: $steps, after: $after}'"
    done
  done
  seeds one-worker "$vae --set 'data={type: mnist, validation: 35000}' --set training.epochs=2 --set training.batchSize=100"
  figure local-steps './run.sh runs | awk -f docs/figures/seeds.awk' "${trained[@]}"
}

# Shards that have rows of their own, of data in the order of their classes and in any order, beside rows that are all shuffled together: 500 steps each, three seeds.
own_rows() {
  local mnist=datasets/mnist/train-images-idx3-ubyte.gz sort='python3 docs/figures/by-class.py datasets/mnist by-class.idx' trained=() data rows
  local vae='./run.sh train configs/quickstart-vae.yaml --set training.emaDecay=null --set training.validateEvery=10 \
      --set training.imagesEvery=10 --set diagnostics.gradientDraws=0 --set training.epochs=10 --set training.batchSize=400 --set training.shards=4'
  quietly "$sort"
  trained+=("$sort")
  for rows in all shards; do
    for data in by-class any-order; do
      local path=$mnist
      [ "$data" = any-order ] || path=by-class.idx
      local of="$vae --set 'data={type: idx, path: $path, validation: 0.6667, test: 0}' --set training.shuffle=$rows"
      seeds "$rows-$data-together" "$of"
      seeds "$rows-$data-alone" "$of --set 'training.local={steps: 10}'"
    done
  done
  figure own-rows './run.sh runs | awk -v base=all-by-class-together -f docs/figures/seeds.awk' "${trained[@]}"
}

# Trains by command $2 with three seeds what is called $1, and adds the commands to `trained`.
seeds() {
  local seed train
  for seed in 1 2 3; do
    train="$2 --set name=$1-seed-$seed --set seed=$seed"
    quietly "$train"
    trained+=("$train")
  done
}

# Trains by command $2 what is called $1 and evaluates it.
evaluated() {
  local train="$2 --set name=$1"
  quietly "$train"
  figure "evaluate-$1" "./run.sh evaluate runs/$1" "$train"
}

# Other pictures against models of digits and of garments.
outliers() {
  local made='--against noise --against inverted --against blank --against black --against textures'
  local garments=datasets/fashion-mnist/t10k-images-idx3-ubyte.gz digits=datasets/mnist/t10k-images-idx3-ubyte.gz
  local flow='./run.sh train configs/mnist/realnvp.yaml --set training.epochs=1 --set training.emaDecay=0.99'
  local fashion="$flow --set name=fashion-realnvp \\
      --set 'data={type: idx, path: ${garments/t10k/train}, testPath: $garments, validation: 0.02}'"
  local vae='./run.sh train configs/mnist/vae.yaml --set training.epochs=4'
  quietly "$flow"
  quietly "$fashion"
  quietly "$vae"
  figure against-mnist "./run.sh evaluate runs/mnist-realnvp --images 1000 --background runs/fashion-realnvp --against $garments $made" \
    "$flow" "$fashion"
  figure against-fashion "./run.sh evaluate runs/fashion-realnvp --images 1000 --background runs/mnist-realnvp --against $digits $made" \
    "$fashion" "$flow"
  figure against-mnist-vae "./run.sh evaluate runs/mnist-vae --images 1000 --against $garments $made" "$vae"
}

# Densities as detectors, beside others: half an hour.
anomalies() {
  figure anomalies './run.sh anomalies'
}

rung() {
  local train="./run.sh train configs/toy-table.yaml --set name=ladder-$1$2"
  quietly "$train"
  figure "evaluate-ladder-$1" "./run.sh evaluate runs/ladder-$1" "$train"
}

# ---- what takes long -------------------------------------------------------------------------------------------------

mnist_vae() {
  local vae='./run.sh train configs/mnist/vae.yaml'
  figure train-mnist-vae "$vae"
  figure evaluate-mnist-vae './run.sh evaluate runs/mnist-vae --repeats 1' "$vae"
  figure gradients-mnist-vae 'cat runs/mnist-vae/diagnostics/epoch-0020.txt' "$vae"
}

# By the bound of three draws, by the ELBO, and with a flow as the prior.
mnist_vae_conv() {
  local bound='./run.sh train configs/mnist/vae-conv.yaml'
  local elbo="$bound --set name=mnist-vae-conv-elbo --set loss.importanceSamples=1 --set loss.kl.estimator=analytic"
  local flow="$bound --set name=mnist-vae-conv-flow --set loss.importanceSamples=1 --set loss.kl.estimator=sampled \\
      --set model.prior.type=realnvp --set model.prior.couplings=6 \\
      --set model.prior.conditioner.hidden=[256]"
  quietly "$bound"
  picture mnist-vae-conv-samples runs/mnist-vae-conv/samples/epoch-0060.png "$bound"
  figure evaluate-mnist-vae-conv './run.sh evaluate runs/mnist-vae-conv' "$bound"
  quietly "$elbo"
  figure evaluate-mnist-vae-conv-elbo './run.sh evaluate runs/mnist-vae-conv-elbo' "$elbo"
  quietly "$flow"
  picture mnist-vae-conv-flow-samples runs/mnist-vae-conv-flow/samples/epoch-0060.png "$flow"
  figure evaluate-mnist-vae-conv-flow './run.sh evaluate runs/mnist-vae-conv-flow' "$flow"
}

# Models that are told each digit: a row of samples a class.
mnist_classes() {
  local vae='./run.sh train configs/mnist/vae-conv-classes.yaml'
  local flow='./run.sh train configs/mnist/realnvp.yaml --set name=mnist-realnvp-classes --set model.condition=label \
      --set training.epochs=4'
  quietly "$vae"
  picture mnist-vae-classes-samples runs/mnist-vae-conv-classes/samples/epoch-0020.png "$vae"
  figure evaluate-mnist-vae-classes './run.sh evaluate runs/mnist-vae-conv-classes --repeats 1' "$vae"
  quietly "$flow"
  picture mnist-realnvp-classes-samples runs/mnist-realnvp-classes/samples/epoch-0004.png "$flow"
  figure evaluate-mnist-realnvp-classes './run.sh evaluate runs/mnist-realnvp-classes --repeats 1' "$flow"
}

mnist_realnvp() {
  local flow='./run.sh train configs/mnist/realnvp-flat.yaml'
  figure train-mnist-realnvp "$flow"
  figure evaluate-mnist-realnvp './run.sh evaluate runs/mnist-realnvp-flat --repeats 1' "$flow"
}

mnist_multiscale() {
  local flow='./run.sh train configs/mnist/realnvp.yaml'
  figure train-mnist-multiscale "$flow"
  picture mnist-realnvp-samples runs/mnist-realnvp/samples/epoch-0020.png "$flow"
  figure evaluate-mnist-multiscale './run.sh evaluate runs/mnist-realnvp' "$flow"
  figure verify-mnist-multiscale './run.sh verify runs/mnist-realnvp' "$flow"
}

# How fast it learns, of all training images, with a constant rate.
mnist_curve() {
  local curve='./run.sh train configs/mnist/realnvp.yaml --set name=mnist-curve --set data.validation=0 --set training.epochs=2 \
      --set training.schedule.type=constant --set training.emaDecay=null --set training.checkpointEvery=500 \
      --set training.checkpointUnit=steps --set training.checkpointKeep=10'
  quietly "$curve"
  figure evaluate-mnist-curve 'for at in epoch-0000-step-0000500 epoch-0001-step-0001000 epoch-0001-step-0001500; do
    ./run.sh evaluate runs/mnist-curve --repeats 1 --checkpoint $at; done' "$curve"
}

estimators() {
  local compare='./run.sh compare configs/mnist/vae.yaml --vary loss.kl.estimator=analytic,sampled,path --seeds 3 \
      --set training.epochs=10 --set training.imagesEvery=10'
  quietly "$compare"
  figure compare-estimators 'cat runs/mnist-vae-compare/comparison.txt' "$compare"
}

precision() {
  local compare='./run.sh compare configs/quickstart-realnvp.yaml --vary precision=float32,mixed --seeds 3 \
      --set data.train=7000 --set training.epochs=1'
  quietly "$compare"
  figure compare-precision 'cat runs/quickstart-realnvp-compare/comparison.txt' "$compare"
}

speed() {
  local contenders='ours,libtorch,libtorch-products,sd.fit'
  figure bench-one-thread "./run.sh bench --threads 1 --seconds 1 --workloads vae,vae-deep,flow-large --contenders $contenders"
  figure bench-flow './run.sh bench --threads 1,2 --seconds 0.8 --workloads flow --contenders ours,libtorch,libtorch-products'
  figure bench-two-threads './run.sh bench --threads 2 --seconds 2 --workloads vae,vae-deep --contenders ours,libtorch,sd.fit'
  figure bench-splines './run.sh bench --threads 1,2 --seconds 2 --workloads spline-flow --contenders ours,libtorch'
}

speed_convolutions() {
  figure bench-convolutions './run.sh bench --threads 1,2 --seconds 3 --workloads conv-flow,conv-vae --contenders ours,libtorch'
  local mixed='./run.sh bench --workloads conv-flow --contenders ours-mixed,libtorch-autocast'
  figure bench-mixed-one-thread "$mixed --threads 1 --seconds 5"
  figure bench-mixed-two-threads "$mixed --threads 2 --seconds 3"
}

main() {
  local group
  for group in "${groups[@]}"; do
    [ "$group" = pages ] || "${group//-/_}"
  done
  [ "$output" != "$root/docs" ] || bash "$root/docs/pages.sh" "$root"
}

# In one line: bash reads a script as it runs, and may find another one then.
main; exit

package org.likelihood4j.runs.metrics;

/** The keys of {@code metrics.jsonl}, each once: who writes a line and who reads it name them so. See {@link MetricsEvent}. */
public final class MetricsKeys {
    public static final String EVENT = "event";
    public static final String TIME = "time";
    public static final String EPOCH = "epoch";
    public static final String STEP = "step";

    public static final String VERSION = "version";
    public static final String STEPS_PER_EPOCH = "steps_per_epoch";
    public static final String TOTAL_STEPS = "total_steps";
    public static final String PARAMETERS = "parameters";
    public static final String DIMENSIONS = "dimensions";
    public static final String PROVENANCE = "provenance";

    public static final String LOSS = "loss";
    public static final String WEIGHTED_LOSS = "weighted_loss";
    public static final String KL = "kl";
    public static final String KL_POOLED = "kl_pooled";
    public static final String KL_WEIGHT = "kl_weight";
    public static final String GRADIENT_NORM = "gradient_norm";
    public static final String LEARNING_RATE = "learning_rate";

    public static final String BLOCKS = "blocks";
    public static final String NAME = "name";
    public static final String LOG_SCALE = "log_scale";
    public static final String CONDITIONING_LOG_SCALE = "conditioning_log_scale";

    public static final String TRAINING = "training";
    public static final String VALIDATION = "validation";
    public static final String BEST = "best";
    public static final String SECONDS = "seconds";
    public static final String WARNINGS = "warnings";
    public static final String LATENTS = "latents";
    public static final String GRADIENTS = "gradients";

    public static final String EXAMPLES = "examples";
    public static final String ANALYTIC = "analytic";
    public static final String SAMPLED = "sampled";
    public static final String DIFFERENCE = "difference";
    public static final String STANDARD_ERROR = "standard_error";
    public static final String Z = "z";
    public static final String DETECTABLE_BIAS = "detectable_bias";

    public static final String IMAGES = "images";
    public static final String ACTIVE = "active";
    public static final String MUTUAL_INFORMATION_CAP = "mutual_information_cap";
    public static final String KL_ANALYTIC = "kl_analytic";
    public static final String KL_SAMPLED = "kl_sampled";
    public static final String MEAN_VARIANCE = "mean_variance";

    public static final String ESTIMATOR = "estimator";
    public static final String MU = "mu";
    public static final String SIGMA = "sigma";
    public static final String VARIANCE = "variance";

    public static final String QUANTITY = "quantity";
    public static final String TO_STEP = "to_step";
    public static final String PROBLEM = "problem";
    public static final String LEARNING_RATE_FACTOR = "learning_rate_factor";
    public static final String REASON = "reason";

    private MetricsKeys() {}
}

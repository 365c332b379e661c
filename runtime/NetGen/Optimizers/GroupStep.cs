namespace NetGen.CompilerServices;

/// <summary>
/// One step for one group of parameters, reduced to the numbers that the update needs. Of the four kinds of numbers only the
/// optimiser's own are set. Groups count their steps for themselves, since those of a frozen one rest.
/// </summary>
internal struct GroupStep
{
    private long _steps;
    private bool _hasMomentum;

    public bool Frozen { get; private set; }

    /// <summary>Steps so far, and whether a momentum buffer has begun: all that is remembered beside the buffers.</summary>
    public (long Steps, bool HasMomentum) Progress
    {
        readonly get => (_steps, _hasMomentum);
        set => (_steps, _hasMomentum) = value;
    }

    public SgdStep Sgd { get; private set; }

    public AdamStep Adam { get; private set; }

    public RmsStep Rms { get; private set; }

    public AdagradStep Adagrad { get; private set; }

    /// <summary>Takes over the present settings.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="group">Null for the parameters that no group takes.</param>
    public void Begin(Optimizer optimizer, ParameterGroup? group)
    {
        Frozen = group is { Frozen: true };
        if (Frozen)
            return;
        _steps++;
        double rate = group?.Rate?.Value ?? optimizer.Rate.Value * (group?.ExactFactor ?? 1);
        double decay = group?.ExactWeightDecay ?? optimizer.ExactWeightDecay;
        // To go uphill the update goes against its rate, from averages of the gradient as it is, not of its negative. What is added
        // to the gradient changes sign with it; what shrinks the weights themselves does not.
        double sign = optimizer.Maximize ? -1 : 1;
        float step = (float)(sign * rate), penalty = (float)(sign * decay);
        switch (optimizer)
        {
            case SGD sgd:
                // PyTorch starts the momentum buffer as a copy of the first gradient, undampened, and without momentum dampens nothing.
                double momentum = group?.ExactMomentum ?? sgd.ExactMomentum;
                Sgd = new SgdStep(step, penalty, (float)momentum, _hasMomentum && momentum != 0 ? (float)(1 - sgd.ExactDampening) : 1);
                _hasMomentum |= momentum != 0;
                break;
            case Adam adam:
                Adam = AdamNumbers(sign * rate, adam.ExactBeta1, adam.ExactBeta2, adam.Epsilon) with { Penalty = penalty };
                break;
            case AdamW adam:
                Adam = AdamNumbers(sign * rate, adam.ExactBeta1, adam.ExactBeta2, adam.Epsilon) with { Decay = (float)(1 - rate * decay) };
                break;
            case RMSprop rms:
                Rms = new RmsStep(step, penalty, (float)rms.ExactAlpha, (float)(1 - rms.ExactAlpha), AboveZero(rms.Epsilon),
                    (float)(group?.ExactMomentum ?? rms.ExactMomentum));
                break;
            case Adagrad adagrad:
                Adagrad =
                    new AdagradStep((float)(sign * rate / (1 + (_steps - 1) * adagrad.ExactLearningRateDecay)), penalty,
                    AboveZero(adagrad.Epsilon));
                break;
        }
    }

    private readonly AdamStep AdamNumbers(double rate, double beta1, double beta2, float epsilon) => new(
        Decay: 1,
        Penalty: 0,
        Beta1: (float)beta1,
        Rest1: (float)(1 - beta1),
        Beta2: (float)beta2,
        Rest2: (float)(1 - beta2),
        RootScale: (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, _steps))),
        Epsilon: AboveZero(epsilon),
        StepSize: (float)(rate / (1 - Math.Pow(beta1, _steps))));

    /// <summary>
    /// PyTorch allows 0, which makes 0 / 0 of a parameter that never had a gradient, and padding has none. The smallest float is
    /// lost in any other denominator.
    /// </summary>
    private static float AboveZero(float epsilon) => Math.Max(epsilon, float.Epsilon);
}

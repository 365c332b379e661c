using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>
/// An optimiser's formula for one vector of parameters. The numbers of a step are broadcast once, when the update is made; every
/// lane is computed by itself, so that an element's bits depend on nothing but its own numbers.
/// </summary>
internal interface IUpdate<TVector>
    where TVector : struct
{
    /// <summary>Numbers that are remembered of each parameter, 0 to 3.</summary>
    static abstract int States { get; }

    /// <summary>The new weights. Of the states the first <see cref="States"/> are read and written.</summary>
    TVector Apply(TVector weight, TVector gradient, ref TVector state1, ref TVector state2, ref TVector state3);
}

/// <summary>SGD without momentum.</summary>
internal readonly struct SgdUpdate<TLanes, TVector>(in SgdStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate);

    public static int States => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector state1, ref TVector state2, ref TVector state3) =>
        TLanes.MultiplyAdd(TLanes.MultiplyAdd(weight, _penalty, gradient), _rate, weight);
}

/// <summary>SGD with momentum; the state is the momentum buffer.</summary>
internal readonly struct MomentumUpdate<TLanes, TVector>(in SgdStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate);
    private readonly TVector _momentum = TLanes.Create(step.Momentum), _rest = TLanes.Create(step.Rest);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector buffer, ref TVector state2, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        buffer = TLanes.FlushSubnormal(TLanes.MultiplyAdd(buffer, _momentum, TLanes.Multiply(g, _rest)));
        return TLanes.MultiplyAdd(buffer, _rate, weight);
    }
}

/// <summary>SGD with Nesterov's momentum; the state is the momentum buffer.</summary>
internal readonly struct NesterovUpdate<TLanes, TVector>(in SgdStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate);
    private readonly TVector _momentum = TLanes.Create(step.Momentum), _rest = TLanes.Create(step.Rest);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector buffer, ref TVector state2, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        buffer = TLanes.FlushSubnormal(TLanes.MultiplyAdd(buffer, _momentum, TLanes.Multiply(g, _rest)));
        return TLanes.MultiplyAdd(TLanes.MultiplyAdd(buffer, _momentum, g), _rate, weight);
    }
}

/// <summary>Adam and AdamW; the states are the mean gradient and the mean squared gradient.</summary>
internal readonly struct AdamUpdate<TLanes, TVector>(in AdamStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _decay = TLanes.Create(step.Decay), _penalty = TLanes.Create(step.Penalty);
    private readonly TVector _beta1 = TLanes.Create(step.Beta1), _rest1 = TLanes.Create(step.Rest1);
    private readonly TVector _beta2 = TLanes.Create(step.Beta2), _rest2 = TLanes.Create(step.Rest2);
    private readonly TVector _rootScale = TLanes.Create(step.RootScale), _epsilon = TLanes.Create(step.Epsilon),
        _rate = TLanes.Create(-step.StepSize);

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector mean, ref TVector square, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        mean = TLanes.FlushSubnormal(TLanes.MultiplyAdd(g, _rest1, TLanes.Multiply(mean, _beta1)));
        square = TLanes.FlushSubnormal(TLanes.MultiplyAdd(TLanes.Multiply(g, _rest2), g, TLanes.Multiply(square, _beta2)));
        TVector denominator = TLanes.MultiplyAdd(TLanes.Sqrt(square), _rootScale, _epsilon);
        return TLanes.MultiplyAdd(TLanes.Divide(mean, denominator), _rate, TLanes.Multiply(weight, _decay));
    }
}

/// <summary>Adam and AdamW in the variant AMSGrad; the third state is the largest mean squared gradient so far.</summary>
internal readonly struct AmsgradUpdate<TLanes, TVector>(in AdamStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _decay = TLanes.Create(step.Decay), _penalty = TLanes.Create(step.Penalty);
    private readonly TVector _beta1 = TLanes.Create(step.Beta1), _rest1 = TLanes.Create(step.Rest1);
    private readonly TVector _beta2 = TLanes.Create(step.Beta2), _rest2 = TLanes.Create(step.Rest2);
    private readonly TVector _rootScale = TLanes.Create(step.RootScale), _epsilon = TLanes.Create(step.Epsilon),
        _rate = TLanes.Create(-step.StepSize);

    public static int States => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector mean, ref TVector square, ref TVector largest)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        mean = TLanes.FlushSubnormal(TLanes.MultiplyAdd(g, _rest1, TLanes.Multiply(mean, _beta1)));
        square = TLanes.FlushSubnormal(TLanes.MultiplyAdd(TLanes.Multiply(g, _rest2), g, TLanes.Multiply(square, _beta2)));
        largest = TLanes.Max(largest, square);
        TVector denominator = TLanes.MultiplyAdd(TLanes.Sqrt(largest), _rootScale, _epsilon);
        return TLanes.MultiplyAdd(TLanes.Divide(mean, denominator), _rate, TLanes.Multiply(weight, _decay));
    }
}

/// <summary>RMSprop; the state is the mean squared gradient.</summary>
internal readonly struct RmsUpdate<TLanes, TVector>(in RmsStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate);
    private readonly TVector _alpha = TLanes.Create(step.Alpha), _rest = TLanes.Create(step.Rest), _epsilon = TLanes.Create(step.Epsilon);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Average(TVector average, TVector alpha, TVector value, TVector rest)
        => TLanes.FlushSubnormal(TLanes.MultiplyAdd(value, rest, TLanes.Multiply(average, alpha)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector square, ref TVector state2, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        square = Average(square, _alpha, TLanes.Multiply(g, g), _rest);
        return TLanes.MultiplyAdd(TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(square), _epsilon)), _rate, weight);
    }
}

/// <summary>RMSprop with momentum; the states are the mean squared gradient and the momentum buffer.</summary>
internal readonly struct RmsMomentumUpdate<TLanes, TVector>(in RmsStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate),
        _momentum = TLanes.Create(step.Momentum);
    private readonly TVector _alpha = TLanes.Create(step.Alpha), _rest = TLanes.Create(step.Rest), _epsilon = TLanes.Create(step.Epsilon);

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector square, ref TVector buffer, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        square = RmsUpdate<TLanes, TVector>.Average(square, _alpha, TLanes.Multiply(g, g), _rest);
        buffer = TLanes.FlushSubnormal(TLanes.MultiplyAdd(buffer, _momentum, TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(square), _epsilon))));
        return TLanes.MultiplyAdd(buffer, _rate, weight);
    }
}

/// <summary>
/// RMSprop, centred; the states are the mean squared gradient, the momentum buffer and the mean gradient. Without momentum
/// the buffer holds the last direction.
/// </summary>
internal readonly struct RmsCenteredUpdate<TLanes, TVector>(in RmsStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate),
        _momentum = TLanes.Create(step.Momentum);
    private readonly TVector _alpha = TLanes.Create(step.Alpha), _rest = TLanes.Create(step.Rest), _epsilon = TLanes.Create(step.Epsilon);

    public static int States => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector square, ref TVector buffer, ref TVector mean)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        square = RmsUpdate<TLanes, TVector>.Average(square, _alpha, TLanes.Multiply(g, g), _rest);
        mean = RmsUpdate<TLanes, TVector>.Average(mean, _alpha, g, _rest);
        // Rounding can put the square of the mean above the mean of the squares, where PyTorch takes the root of a negative number.
        TVector variance = TLanes.Max(TLanes.Create(0), TLanes.MultiplySubtract(mean, mean, square));
        buffer =
            TLanes.FlushSubnormal(TLanes.MultiplyAdd(buffer, _momentum, TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(variance), _epsilon))));
        return TLanes.MultiplyAdd(buffer, _rate, weight);
    }
}

/// <summary>Adagrad; the state is the sum of the squared gradients.</summary>
internal readonly struct AdagradUpdate<TLanes, TVector>(in AdagradStep step) : IUpdate<TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    private readonly TVector _penalty = TLanes.Create(step.Penalty), _rate = TLanes.Create(-step.LearningRate),
        _epsilon = TLanes.Create(step.Epsilon);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector weight, TVector gradient, ref TVector sum, ref TVector state2, ref TVector state3)
    {
        TVector g = TLanes.MultiplyAdd(weight, _penalty, gradient);
        sum = TLanes.MultiplyAdd(g, g, sum);
        return TLanes.MultiplyAdd(TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(sum), _epsilon)), _rate, weight);
    }
}

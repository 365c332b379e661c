using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>One step of Adam or AdamW, reduced to the numbers that the update needs.</summary>
/// <param name="Decay">What the weights are multiplied by: 1 − learning rate · weight decay for AdamW, 1 for Adam.</param>
/// <param name="Penalty">How much of the weights is added to the gradient: the weight decay for Adam, 0 for AdamW.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Rest1">1 − β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Rest2">1 − β₂.</param>
/// <param name="RootScale">1 / √(1 − β₂ᵗ).</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="StepSize">Learning rate / (1 − β₁ᵗ).</param>
internal readonly record struct AdamStep(
    float Decay, float Penalty, float Beta1, float Rest1, float Beta2, float Rest2, float RootScale, float Epsilon, float StepSize);

/// <summary>One step of SGD, reduced to the numbers that the update needs.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Penalty">The weight decay.</param>
/// <param name="Momentum">Share of the momentum buffer that is kept.</param>
/// <param name="Rest">Share of the gradient that enters the momentum buffer: 1 in the first step, then 1 − dampening.</param>
internal readonly record struct SgdStep(float LearningRate, float Penalty, float Momentum, float Rest);

/// <summary>One step of RMSprop, reduced to the numbers that the update needs.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Penalty">The weight decay.</param>
/// <param name="Alpha">α.</param>
/// <param name="Rest">1 − α.</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="Momentum">Share of the momentum buffer that is kept.</param>
internal readonly record struct RmsStep(float LearningRate, float Penalty, float Alpha, float Rest, float Epsilon, float Momentum);

/// <summary>One step of Adagrad, reduced to the numbers that the update needs.</summary>
/// <param name="LearningRate">Learning rate / (1 + (t − 1) · its decay).</param>
/// <param name="Penalty">The weight decay.</param>
/// <param name="Epsilon">ε, above 0.</param>
internal readonly record struct AdagradStep(float LearningRate, float Penalty, float Epsilon);

/// <summary>The loops over the flat buffers: updates, the gradient's norm and its clipping, one pass over the memory each.</summary>
internal static unsafe class OptimizerKernels
{
    /// <summary>
    /// Applies an update. What does not fill a vector goes through a padded copy and the same code, so that an element's bits do
    /// not depend on how the buffer is divided among threads.
    /// </summary>
    /// <param name="numbers">The formula with the numbers of the step.</param>
    /// <param name="weights">The first parameter to update.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="states">What is remembered of it; the first <see cref="IUpdate{TVector}.States"/> are used.</param>
    /// <param name="count">Number of parameters.</param>
    public static void Update<TUpdate, TLanes,
        TVector>(in TUpdate numbers, float* weights, float* gradients, StatePointers states, nint count)
        where TUpdate : struct, IUpdate<TVector>
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        // A copy, so that the JIT knows that no store changes it.
        TUpdate update = numbers;
        float* first = states.First, second = states.Second, third = states.Third;
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector state1 = TUpdate.States > 0 ? TLanes.Load(first + i) : default;
            TVector state2 = TUpdate.States > 1 ? TLanes.Load(second + i) : default;
            TVector state3 = TUpdate.States > 2 ? TLanes.Load(third + i) : default;
            TVector weight = update.Apply(TLanes.Load(weights + i), TLanes.Load(gradients + i), ref state1, ref state2, ref state3);
            if (TUpdate.States > 0)
                TLanes.Store(state1, first + i);
            if (TUpdate.States > 1)
                TLanes.Store(state2, second + i);
            if (TUpdate.States > 2)
                TLanes.Store(state3, third + i);
            TLanes.Store(weight, weights + i);
        }
        if (i < count)
            UpdateRest<TUpdate, TLanes, TVector>(numbers, weights + i, gradients + i, states.From(i), (int)(count - i));
    }

    private static void UpdateRest<TUpdate, TLanes,
        TVector>(in TUpdate numbers, float* weights, float* gradients, StatePointers states, int rest)
        where TUpdate : struct, IUpdate<TVector>
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        float* padded = stackalloc float[5 * TLanes.Count];
        new Span<float>(padded, 5 * TLanes.Count).Clear();
        var paddedStates = new StatePointers(padded + 2 * TLanes.Count, padded + 3 * TLanes.Count, padded + 4 * TLanes.Count);
        Copy(weights, padded, rest);
        Copy(gradients, padded + TLanes.Count, rest);
        if (TUpdate.States > 0)
            Copy(states.First, paddedStates.First, rest);
        if (TUpdate.States > 1)
            Copy(states.Second, paddedStates.Second, rest);
        if (TUpdate.States > 2)
            Copy(states.Third, paddedStates.Third, rest);
        Update<TUpdate, TLanes, TVector>(numbers, padded, padded + TLanes.Count, paddedStates, TLanes.Count);
        Copy(padded, weights, rest);
        if (TUpdate.States > 0)
            Copy(paddedStates.First, states.First, rest);
        if (TUpdate.States > 1)
            Copy(paddedStates.Second, states.Second, rest);
        if (TUpdate.States > 2)
            Copy(paddedStates.Third, states.Third, rest);
    }

    /// <summary>
    /// Moves every gradient into ±<paramref name="limit"/> and multiplies it by <paramref name="scale"/>, as <c>clip_grad_value_</c>
    /// and <c>clip_grad_norm_</c> do; infinity and 1 change nothing. A NaN stays one.
    /// </summary>
    public static void Clip<TLanes, TVector>(float* gradients, nint count, float limit, float scale)
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        TVector upper = TLanes.Create(limit), lower = TLanes.Create(-limit), factor = TLanes.Create(scale);
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(Clip<TLanes, TVector>(TLanes.Load(gradients + i), lower, upper, factor), gradients + i);
        if (i < count)
        {
            float* padded = stackalloc float[TLanes.Count];
            new Span<float>(padded, TLanes.Count).Clear();
            Copy(gradients + i, padded, (int)(count - i));
            Clip<TLanes, TVector>(padded, TLanes.Count, limit, scale);
            Copy(padded, gradients + i, (int)(count - i));
        }
    }

    /// <summary>The same of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Clip<TLanes, TVector>(TVector gradient, TVector lower, TVector upper, TVector factor)
        where TLanes : struct, ILaneOperations<TVector>
        where TVector : struct
        => TLanes.Multiply(TLanes.Min(upper, TLanes.Max(lower, gradient)), factor);

    /// <summary>Adds gradients to sums; an element's bits do not depend on the vectors.</summary>
    public static void Add<TLanes, TVector>(float* sums, float* gradients, nint count)
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Load(sums + i), TLanes.Load(gradients + i)), sums + i);
        for (; i < count; i++)
            sums[i] += gradients[i];
    }

    /// <summary>
    /// Sum of the squares in double, each moved into ±<paramref name="limit"/> before. Element i goes to sum i mod 16 at every
    /// vector width, and a square of a float is exact in double: so the widths agree bit for bit, fused or not.
    /// </summary>
    public static double SumOfSquares<TLanes, TVector>(float* values, nint count, float limit)
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        double* sums = stackalloc double[16];
        new Span<double>(sums, 16).Clear();
        nint whole = count / 16 * 16;
        if (typeof(TLanes) == typeof(Lanes512))
            AddSquares512(values, whole, limit, sums);
        else if (typeof(TLanes) == typeof(Lanes256))
            AddSquares256(values, whole, limit, sums);
        else
            AddSquares128(values, whole, limit, sums);
        for (nint i = whole; i < count; i++)
        {
            double value = Math.Clamp(values[i], -limit, limit);
            sums[i - whole] += value * value;
        }

        // Pairs, then pairs of pairs: an order that is the same everywhere.
        for (int distance = 8; distance > 0; distance /= 2)
        {
            for (int i = 0; i < distance; i++)
                sums[i] += sums[i + distance];
        }
        return sums[0];
    }

    private static void AddSquares512(float* values, nint count, float limit, double* sums)
    {
        Vector512<float> upper = Lanes512.Create(limit), lower = Lanes512.Create(-limit);
        Vector512<double> sum0 = default, sum1 = default;
        for (nint i = 0; i < count; i += 16)
        {
            (Vector512<double> a, Vector512<double> b) =
                Vector512.Widen(Lanes512.Min(upper, Lanes512.Max(lower, Lanes512.Load(values + i))));
            sum0 += a * a;
            sum1 += b * b;
        }
        sum0.Store(sums);
        sum1.Store(sums + 8);
    }

    private static void AddSquares256(float* values, nint count, float limit, double* sums)
    {
        Vector256<float> upper = Lanes256.Create(limit), lower = Lanes256.Create(-limit);
        Vector256<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (nint i = 0; i < count; i += 16)
        {
            (Vector256<double> a, Vector256<double> b) =
                Vector256.Widen(Lanes256.Min(upper, Lanes256.Max(lower, Lanes256.Load(values + i))));
            (Vector256<double> c, Vector256<double> d) =
                Vector256.Widen(Lanes256.Min(upper, Lanes256.Max(lower, Lanes256.Load(values + i + 8))));
            sum0 += a * a;
            sum1 += b * b;
            sum2 += c * c;
            sum3 += d * d;
        }
        sum0.Store(sums);
        sum1.Store(sums + 4);
        sum2.Store(sums + 8);
        sum3.Store(sums + 12);
    }

    // In two halves, so that the sums of a pass stay in registers.
    private static void AddSquares128(float* values, nint count, float limit, double* sums)
    {
        Vector128<float> upper = Lanes128.Create(limit), lower = Lanes128.Create(-limit);
        for (int half = 0; half < 16; half += 8)
        {
            Vector128<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (nint i = half; i < count; i += 16)
            {
                (Vector128<double> a, Vector128<double> b) =
                    Vector128.Widen(Lanes128.Min(upper, Lanes128.Max(lower, Lanes128.Load(values + i))));
                (Vector128<double> c, Vector128<double> d) =
                    Vector128.Widen(Lanes128.Min(upper, Lanes128.Max(lower, Lanes128.Load(values + i + 4))));
                sum0 += a * a;
                sum1 += b * b;
                sum2 += c * c;
                sum3 += d * d;
            }
            sum0.Store(sums + half);
            sum1.Store(sums + half + 2);
            sum2.Store(sums + half + 4);
            sum3.Store(sums + half + 6);
        }
    }

    private static void Copy(float* source, float* destination, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
}

/// <summary>What an optimiser remembers of the same parameters; null where it has less to remember.</summary>
internal readonly unsafe struct StatePointers(float* first, float* second, float* third)
{
    public float* First => first;

    public float* Second => second;

    public float* Third => third;

    /// <summary>The same, some parameters further on.</summary>
    public StatePointers From(nint offset) =>
        new(first == null ? null : first + offset, second == null ? null : second + offset, third == null ? null : third + offset);
}

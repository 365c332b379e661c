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

/// <summary>
/// The updates, one pass over the memory each. What does not fill a vector goes through a padded copy and the same code, so
/// that an element's bits do not depend on how the buffer is divided among threads.
/// </summary>
internal static unsafe class OptimizerKernels
{
    public static void Adam<TLanes, TVector>(in AdamStep step, float* weights, float* gradients, float* means, float* squares, nint count)
        where TLanes : struct, ILaneOperations<TVector>
        where TVector : struct
    {
        TVector decay = TLanes.Create(step.Decay), penalty = TLanes.Create(step.Penalty);
        TVector beta1 = TLanes.Create(step.Beta1), rest1 = TLanes.Create(step.Rest1);
        TVector beta2 = TLanes.Create(step.Beta2), rest2 = TLanes.Create(step.Rest2);
        TVector rootScale = TLanes.Create(step.RootScale), epsilon = TLanes.Create(step.Epsilon), stepSize = TLanes.Create(-step.StepSize);

        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector w = TLanes.Load(weights + i);
            TVector g = TLanes.MultiplyAdd(w, penalty, TLanes.Load(gradients + i));
            TVector m = TLanes.MultiplyAdd(g, rest1, TLanes.Multiply(TLanes.Load(means + i), beta1));
            TVector v = TLanes.MultiplyAdd(TLanes.Multiply(g, g), rest2, TLanes.Multiply(TLanes.Load(squares + i), beta2));
            TVector denominator = TLanes.MultiplyAdd(TLanes.Sqrt(v), rootScale, epsilon);
            w = TLanes.MultiplyAdd(TLanes.Divide(m, denominator), stepSize, TLanes.Multiply(w, decay));
            TLanes.Store(m, means + i);
            TLanes.Store(v, squares + i);
            TLanes.Store(w, weights + i);
        }

        if (i < count)
        {
            int rest = (int)(count - i);
            float* padded = stackalloc float[4 * TLanes.Count];
            Pad(weights + i, padded, rest, TLanes.Count);
            Pad(gradients + i, padded + TLanes.Count, rest, TLanes.Count);
            Pad(means + i, padded + 2 * TLanes.Count, rest, TLanes.Count);
            Pad(squares + i, padded + 3 * TLanes.Count, rest, TLanes.Count);
            Adam<TLanes, TVector>(step, padded, padded + TLanes.Count, padded + 2 * TLanes.Count, padded + 3 * TLanes.Count, TLanes.Count);
            Copy(padded, weights + i, rest);
            Copy(padded + 2 * TLanes.Count, means + i, rest);
            Copy(padded + 3 * TLanes.Count, squares + i, rest);
        }
    }

    public static void Sgd<TLanes, TVector>(in SgdStep step, float* weights, float* gradients, nint count)
        where TLanes : struct, ILaneOperations<TVector>
        where TVector : struct
    {
        TVector penalty = TLanes.Create(step.Penalty), rate = TLanes.Create(-step.LearningRate);

        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector w = TLanes.Load(weights + i);
            TVector g = TLanes.MultiplyAdd(w, penalty, TLanes.Load(gradients + i));
            TLanes.Store(TLanes.MultiplyAdd(g, rate, w), weights + i);
        }

        if (i < count)
        {
            int rest = (int)(count - i);
            float* padded = stackalloc float[2 * TLanes.Count];
            Pad(weights + i, padded, rest, TLanes.Count);
            Pad(gradients + i, padded + TLanes.Count, rest, TLanes.Count);
            Sgd<TLanes, TVector>(step, padded, padded + TLanes.Count, TLanes.Count);
            Copy(padded, weights + i, rest);
        }
    }

    public static void SgdMomentum<TLanes, TVector>(in SgdStep step, bool nesterov, float* weights, float* gradients, float* buffers, nint count)
        where TLanes : struct, ILaneOperations<TVector>
        where TVector : struct
    {
        TVector penalty = TLanes.Create(step.Penalty), rate = TLanes.Create(-step.LearningRate);
        TVector momentum = TLanes.Create(step.Momentum), share = TLanes.Create(step.Rest);

        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector w = TLanes.Load(weights + i);
            TVector g = TLanes.MultiplyAdd(w, penalty, TLanes.Load(gradients + i));
            TVector b = TLanes.MultiplyAdd(TLanes.Load(buffers + i), momentum, TLanes.Multiply(g, share));
            TLanes.Store(b, buffers + i);
            TVector direction = nesterov ? TLanes.MultiplyAdd(b, momentum, g) : b;
            TLanes.Store(TLanes.MultiplyAdd(direction, rate, w), weights + i);
        }

        if (i < count)
        {
            int rest = (int)(count - i);
            float* padded = stackalloc float[3 * TLanes.Count];
            Pad(weights + i, padded, rest, TLanes.Count);
            Pad(gradients + i, padded + TLanes.Count, rest, TLanes.Count);
            Pad(buffers + i, padded + 2 * TLanes.Count, rest, TLanes.Count);
            SgdMomentum<TLanes, TVector>(step, nesterov, padded, padded + TLanes.Count, padded + 2 * TLanes.Count, TLanes.Count);
            Copy(padded, weights + i, rest);
            Copy(padded + 2 * TLanes.Count, buffers + i, rest);
        }
    }

    private static void Pad(float* source, float* destination, int count, int width)
    {
        Copy(source, destination, count);
        new Span<float>(destination + count, width - count).Clear();
    }

    private static void Copy(float* source, float* destination, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
}

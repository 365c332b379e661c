using System.ComponentModel;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>What an optimiser remembers of each parameter, and its fused update over the flat parameter buffer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class OptimizerState : IDisposable
{
    private readonly VectorWidth _width;
    private readonly double _beta1, _beta2, _dampening;
    private readonly AlignedBuffer? _first;  // Adam's means, SGD's momentum
    private readonly AlignedBuffer? _second; // Adam's squares
    private AdamStep _adam;
    private SgdStep _sgd;
    private bool _disposed;

    /// <summary>State for <paramref name="count"/> parameters, before the first step.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="count">Floats in the parameter buffer, padding included.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public OptimizerState(Optimizer optimizer, nint count)
        : this(optimizer, count, VectorSupport.Best)
    {
    }

    internal OptimizerState(Optimizer optimizer, nint count, VectorWidth width)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Optimizer = optimizer;
        Count = count;
        _width = width;
        switch (optimizer)
        {
            case Adam adam:
                (_beta1, _beta2) = (Optimizer.AsWritten(adam.Beta1), Optimizer.AsWritten(adam.Beta2));
                break;
            case AdamW adam:
                (_beta1, _beta2) = (Optimizer.AsWritten(adam.Beta1), Optimizer.AsWritten(adam.Beta2));
                break;
            case SGD sgd:
                _dampening = Optimizer.AsWritten(sgd.Dampening);
                if (sgd.Momentum > 0)
                    _first = new AlignedBuffer(count);
                return;
            default:
                throw new ArgumentException($"Unknown optimiser {optimizer.GetType()}.", nameof(optimizer));
        }
        _first = new AlignedBuffer(count);
        _second = new AlignedBuffer(count);
    }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Floats in the parameter buffer.</summary>
    public nint Count { get; }

    /// <summary>Steps begun so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Begins the next step: counts it and takes over the learning rate.</summary>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    public void BeginStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Steps++;
        switch (Optimizer)
        {
            case Adam adam:
                _adam = Adam(adam.Epsilon) with { Penalty = adam.WeightDecay };
                break;
            case AdamW adam:
                _adam = Adam(adam.Epsilon) with { Decay = (float)(1 - (double)adam.LearningRate * adam.WeightDecay) };
                break;
            case SGD sgd:
                // PyTorch starts the momentum buffer as a copy of the first gradient, undampened.
                _sgd = new SgdStep(sgd.LearningRate, sgd.WeightDecay, sgd.Momentum, Steps == 1 ? 1 : (float)(1 - _dampening));
                break;
        }
    }

    /// <summary>
    /// Applies the step to a range. Several threads may update disjoint ranges at once, and an element's new bits do not depend
    /// on how the buffer is divided. Elements whose parameter and gradient have always been 0, the padding, stay exactly 0.
    /// </summary>
    /// <param name="parameters">The whole parameter buffer.</param>
    /// <param name="gradients">The whole gradient buffer.</param>
    /// <param name="first">First float of the range.</param>
    /// <param name="count">Floats in the range.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the buffer.</exception>
    /// <exception cref="InvalidOperationException"><see cref="BeginStep"/> was never called.</exception>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    public void UpdateRange(float* parameters, float* gradients, nint first, nint count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (first < 0 || count < 0 || first > Count - count)
            throw new ArgumentOutOfRangeException(nameof(count), $"The range of {count} from {first} is not within the {Count} parameters.");
        if (Steps == 0)
            throw new InvalidOperationException("UpdateRange needs a BeginStep before it.");

        // The widths that the machine lacks are cut off by constants, so that no code is compiled for them.
        if (_width == VectorWidth.Vector512 && VectorSupport.Has512)
            Update<Lanes512, Vector512<float>>(parameters + first, gradients + first, first, count);
        else if (_width >= VectorWidth.Vector256 && VectorSupport.Has256)
            Update<Lanes256, Vector256<float>>(parameters + first, gradients + first, first, count);
        else
            Update<Lanes128, Vector128<float>>(parameters + first, gradients + first, first, count);
        GC.KeepAlive(this);
    }

    /// <summary>Frees the state. Calling it again does nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        _first?.Dispose();
        _second?.Dispose();
    }

    private void Update<TLanes, TVector>(float* parameters, float* gradients, nint first, nint count)
        where TLanes : struct, ILaneOperations<TVector>
        where TVector : struct
    {
        if (_second != null)
            OptimizerKernels.Adam<TLanes, TVector>(_adam, parameters, gradients, _first!.Pointer + first, _second.Pointer + first, count);
        else if (_first != null)
            OptimizerKernels.SgdMomentum<TLanes, TVector>(_sgd, ((SGD)Optimizer).Nesterov, parameters, gradients, _first.Pointer + first, count);
        else
            OptimizerKernels.Sgd<TLanes, TVector>(_sgd, parameters, gradients, count);
    }

    private AdamStep Adam(float epsilon) => new(
        Decay: 1,
        Penalty: 0,
        Beta1: (float)_beta1,
        Rest1: (float)(1 - _beta1),
        Beta2: (float)_beta2,
        Rest2: (float)(1 - _beta2),
        RootScale: (float)(1 / Math.Sqrt(1 - Math.Pow(_beta2, Steps))),
        // PyTorch allows 0, which makes 0 / 0 of a parameter that never had a gradient, and padding has none. The smallest
        // float is lost in any other denominator.
        Epsilon: Math.Max(epsilon, float.Epsilon),
        StepSize: (float)(Optimizer.LearningRate / (1 - Math.Pow(_beta1, Steps))));
}

using System.ComponentModel;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>
/// What an optimiser remembers of each parameter, its fused update over the flat parameter buffer, and the clipping of gradients
/// in front of it. One step is: <see cref="BeginStep"/>; if <see cref="MeasuresGradients"/>, <see cref="MeasureGradients"/> by each
/// worker and then <see cref="SumGradients"/>; <see cref="Update"/> by each worker.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe partial class OptimizerState : IDisposable
{
    // Floats of which the squares are summed in one go. The blocks do not depend on the threads, and so neither does their sum.
    // Clipped gradients are updated block by block too, while they are in the first-level cache.
    private const int Block = 4096;

    private readonly VectorWidth _width;
    private readonly float _maximumNorm, _limit;
    private readonly double[] _sums;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly GroupRange[] _ranges;
    private readonly GroupStep[] _groups;

    // Where each tensor begins, in the order of the buffer, and at last its end.
    private readonly nint[] _tensors;
    private AlignedBuffer? _first, _second, _third;
    private UpdateRule _rule;
    private float _scale = 1;
    private bool _disposed;

    /// <summary>State for the parameters of a network, before the first step.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="parameters">All parameters, in one buffer.</param>
    /// <param name="count">Floats at the start of the buffer in which all lie that are learned, padding included.</param>
    /// <param name="options">How gradients are clipped.</param>
    /// <param name="width">The vector width, one that the machine has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="ArgumentException">A group takes no parameter, or one that another group takes too.</exception>
    /// <exception cref="InvalidOperationException">A group has a momentum of its own, which the optimiser does not have.</exception>
    public OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters, nint count, TrainerOptions options, VectorWidth width)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Optimizer = optimizer;
        _parameters = parameters;
        Count = count;
        _width = width;
        Parameter[] learned = [.. parameters.Where(parameter => parameter.IsLearned)];
        _ranges = GroupRange.Of(optimizer.GroupList, learned, parameters, count);
        _tensors =
        [
            .. parameters.Select(parameter => (nint)parameter.Offset).Where(offset => offset < count).Append(0).Distinct().Order(), count,
        ];
        _groups = new GroupStep[optimizer.GroupList.Count + 1];
        _maximumNorm = (float)(options.ClipGradientNorm ?? double.PositiveInfinity);
        _limit = (float)(options.ClipGradientValue ?? double.PositiveInfinity);
        MeasuresGradients = options.ClipGradientNorm != null;
        _sums = MeasuresGradients ? new double[(count + Block - 1) / Block] : [];
        ChooseRule();
    }

    internal OptimizerState(Optimizer optimizer, nint count, VectorWidth width = VectorWidth.Auto)
        : this(optimizer, [], count, new TrainerOptions(), VectorSupport.Resolve(width))
    {
    }

    /// <summary>The optimiser cannot be given other groups from now on.</summary>
    internal void SealGroups() => Optimizer.GroupList.Seal();

    /// <summary>All that is remembered of the parameters.</summary>
    internal IEnumerable<float> Remembered
        => new[] { _first, _second, _third
            }.OfType<AlignedBuffer>().SelectMany(buffer => new ReadOnlySpan<float>(buffer.Pointer, (int)Count).ToArray());

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Floats in the parameter buffer.</summary>
    public nint Count { get; }

    /// <summary>Steps begun so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether a step needs the norm of the gradients.</summary>
    public bool MeasuresGradients { get; }

    /// <summary>
    /// Norm of all gradients of the last step, those of frozen parameters left out, after clipping by value and before clipping by
    /// norm; null before the first step and where it is not measured.
    /// </summary>
    public float? GradientNorm { get; private set; }

    /// <summary>Adds gradients to others. Several threads may add disjoint ranges at once, each element once.</summary>
    /// <param name="sums">The first of the sums.</param>
    /// <param name="gradients">The first gradient.</param>
    /// <param name="count">Number of gradients.</param>
    internal void AddGradients(float* sums, float* gradients, nint count)
    {
        if (_width == VectorWidth.Vector512 && VectorSupport.Has512)
            OptimizerKernels.Add<Lanes512, Vector512<float>>(sums, gradients, count);
        else if (_width >= VectorWidth.Vector256 && VectorSupport.Has256)
            OptimizerKernels.Add<Lanes256, Vector256<float>>(sums, gradients, count);
        else
            OptimizerKernels.Add<Lanes128, Vector128<float>>(sums, gradients, count);
    }

    /// <summary>Begins a step: takes over the present learning rates and what else the groups say.</summary>
    /// <exception cref="InvalidOperationException">
    /// A group has a momentum of its own, which the optimiser does not have; nothing is changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    public void BeginStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ChooseRule();
        Steps++;
        _scale = 1;
        for (int i = 0; i < _groups.Length; i++)
            _groups[i].Begin(Optimizer, i == 0 ? null : Optimizer.GroupList[i - 1]);
    }

    /// <summary>One worker's share of the sum of squares.</summary>
    /// <param name="gradients">The whole gradient buffer.</param>
    /// <param name="worker">Number of the worker.</param>
    /// <param name="workers">Number of workers.</param>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    public void MeasureGradients(float* gradients, int worker, int workers)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int end = (int)((long)_sums.Length * (worker + 1) / workers);
        for (int block = (int)((long)_sums.Length * worker / workers); block < end; block++)
        {
            nint first = (nint)block * Block, last = Math.Min(Count, first + Block);
            double sum = 0;
            for (int range = RangeOf(first); range < _ranges.Length && first < last; range++)
            {
                nint stop = Math.Min(last, _ranges[range].End);
                if (!Rests(_ranges[range].Group))
                    sum += SumOfSquares(gradients + first, stop - first);
                first = stop;
            }
            _sums[block] = sum;
        }
    }

    /// <summary>After all workers have measured: the norm, and the factor that all gradients will be multiplied by.</summary>
    public void SumGradients() => SumMeasured(_sums);

    /// <summary>The same, of sums of squares that were measured elsewhere, in their order.</summary>
    internal void SumMeasured(ReadOnlySpan<double> sums)
    {
        double sum = 0;
        foreach (double part in sums)
            sum += part;
        double norm = Math.Sqrt(sum);
        GradientNorm = (float)norm;
        // PyTorch's clip_grad_norm_: a NaN goes through to every gradient.
        _scale = float.IsPositiveInfinity(_maximumNorm) ? 1 : (float)Math.Min(1, Optimizer.AsWritten(_maximumNorm) / (norm + 1e-6));
    }

    /// <summary>
    /// One worker's share of the step, a part of each tensor: clips the gradients in place, where that is asked for, and updates the
    /// parameters.
    /// </summary>
    /// <remarks>
    /// The kernels that compute gradients divide each tensor in the same way, so that a worker finds most of what it needs in the
    /// cache of its own core.
    /// </remarks>
    /// <param name="parameters">The whole parameter buffer.</param>
    /// <param name="gradients">The whole gradient buffer.</param>
    /// <param name="worker">Number of the worker.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="tables">Tables whose gradients are zero but for the rows that a pass has touched.</param>
    /// <param name="pass">The number of that pass.</param>
    /// <exception cref="InvalidOperationException"><see cref="BeginStep"/> was never called.</exception>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    public void Update(
        float* parameters, float* gradients, int worker, int workers, ReadOnlySpan<TablePlan> tables = default, uint pass = 0)
    {
        for (int i = 0; i + 1 < _tensors.Length; i++)
        {
            // Ranges of whole cache lines.
            nint start = _tensors[i], length = _tensors[i + 1] - start, lines = (length + 15) / 16;
            nint first = lines * worker / workers * 16, end = Math.Min(length, lines * (worker + 1) / workers * 16);
            if (first < end && FindTable(tables, start) is { } table)
                UpdateRows(parameters, gradients, table, pass, first, end);
            else if (first < end)
                UpdateRange(parameters, gradients, start + first, end - first);
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
            throw new ArgumentOutOfRangeException(
                nameof(count), $"The range of {count} from {first} is not within the {Count} parameters.");
        if (Steps == 0)
            throw new InvalidOperationException("UpdateRange needs a BeginStep before it.");

        // Not a comparison with 1: NaN clips too.
        bool clips = _scale is not 1 || !float.IsPositiveInfinity(_limit);
        nint end = first + count;
        for (int range = RangeOf(first); range < _ranges.Length && first < end; range++)
        {
            nint stop = Math.Min(end, _ranges[range].End);
            int group = _ranges[range].Group;
            if (Rests(group))
                first = stop;
            while (first < stop)
            {
                nint part = clips ? Math.Min(Block, stop - first) : stop - first;
                UpdatePart(parameters + first, gradients + first, first, part, group, clips);
                first += part;
            }
        }
        GC.KeepAlive(this);
    }

    /// <summary>Frees the state. Calling it again does nothing.</summary>
    public void Dispose()
    {
        _disposed = true;
        _first?.Dispose();
        _second?.Dispose();
        _third?.Dispose();
    }

    // Again before each step, since schedules may switch on momentum; buffers that have become necessary begin with zeros.
    private void ChooseRule()
    {
        // Indexed, since a step allocates nothing.
        for (int i = 0; i < Optimizer.GroupList.Count && Optimizer is not (SGD or RMSprop); i++)
        {
            if (Optimizer.GroupList[i].ExactMomentum is not null)
                throw new InvalidOperationException($"Parameter group {Optimizer.GroupList[i]} has a momentum of its own, "
                    + $"which {Optimizer.GetType().Name} does not have.");
        }
        _rule = RuleFor(Optimizer.CyclicMomentum ?? 0);
        AllocateBuffers(StatesOf(_rule));
    }

    // Where any group has momentum, all take the formula with it; with a momentum of 0 it gives the same.
    private UpdateRule RuleFor(double own)
    {
        double largest = own;
        for (int i = 0; i < Optimizer.GroupList.Count; i++)
            largest = Math.Max(largest, Optimizer.GroupList[i].ExactMomentum ?? 0);
        return RuleOf(largest);
    }

    private UpdateRule RuleOf(double momentum) => Optimizer switch
    {
        SGD when momentum == 0 => UpdateRule.Sgd,
        SGD { Nesterov: false } => UpdateRule.Momentum,
        SGD => UpdateRule.Nesterov,
        Adam { Amsgrad: false } or AdamW { Amsgrad: false } => UpdateRule.Adam,
        Adam or AdamW => UpdateRule.Amsgrad,
        RMSprop { Centered: true } => UpdateRule.RmsCentered,
        RMSprop when momentum == 0 => UpdateRule.Rms,
        RMSprop => UpdateRule.RmsMomentum,
        Adagrad => UpdateRule.Adagrad,
        _ => throw new InvalidOperationException($"Unknown optimiser {Optimizer.GetType()}."),
    };

    private static int StatesOf(UpdateRule rule) => rule switch
    {
        UpdateRule.Sgd => 0,
        UpdateRule.Momentum or UpdateRule.Nesterov or UpdateRule.Rms or UpdateRule.Adagrad => 1,
        UpdateRule.Adam or UpdateRule.RmsMomentum => 2,
        _ => 3,
    };

    private void AllocateBuffers(int states)
    {
        if (states > 0 && _first == null)
        {
            _first = new AlignedBuffer(Count);
            if (Optimizer is Adagrad { InitialAccumulatorValue: > 0 } adagrad)
            {
                for (nint i = 0; i < Count; i++)
                    _first.Pointer[i] = adagrad.InitialAccumulatorValue;
            }
        }
        if (states > 1)
            _second ??= new AlignedBuffer(Count);
        if (states > 2)
            _third ??= new AlignedBuffer(Count);
    }

    // Optimisers leave the group as it is.
    private bool Rests(int group) => group == GroupRange.Unlearned || _groups[group].Frozen;

    // The range that an element lies in. There are few, and without groups there is one.
    private int RangeOf(nint element)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (element < _ranges[middle].End)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    // The widths that the machine lacks are cut off by constants, so that no code is compiled for them.
    private void UpdatePart(float* parameters, float* gradients, nint first, nint count, int group, bool clips)
    {
        if (_width == VectorWidth.Vector512 && VectorSupport.Has512)
            UpdatePart<Lanes512, Vector512<float>>(parameters, gradients, first, count, group, clips);
        else if (_width >= VectorWidth.Vector256 && VectorSupport.Has256)
            UpdatePart<Lanes256, Vector256<float>>(parameters, gradients, first, count, group, clips);
        else
            UpdatePart<Lanes128, Vector128<float>>(parameters, gradients, first, count, group, clips);
    }

    private double SumOfSquares(float* values, nint count)
    {
        if (_width == VectorWidth.Vector512 && VectorSupport.Has512)
            return OptimizerKernels.SumOfSquares<Lanes512, Vector512<float>>(values, count, _limit);
        if (_width >= VectorWidth.Vector256 && VectorSupport.Has256)
            return OptimizerKernels.SumOfSquares<Lanes256, Vector256<float>>(values, count, _limit);
        return OptimizerKernels.SumOfSquares<Lanes128, Vector128<float>>(values, count, _limit);
    }

    private void UpdatePart<TLanes, TVector>(float* parameters, float* gradients, nint first, nint count, int group, bool clips)
        where TLanes : struct, IVectorLanes<TVector>
        where TVector : struct
    {
        if (clips)
            OptimizerKernels.Clip<TLanes, TVector>(gradients, count, _limit, _scale);

        var states = new StatePointers(
            _first == null
                ? null : _first.Pointer + first, _second == null
                ? null : _second.Pointer + first, _third == null ? null : _third.Pointer + first);
        ref readonly GroupStep step = ref _groups[group];
        switch (_rule)
        {
            case UpdateRule.Sgd:
                OptimizerKernels.Update<SgdUpdate<TLanes, TVector>, TLanes, TVector>(new(step.Sgd), parameters, gradients, states, count);
                break;
            case UpdateRule.Momentum:
                OptimizerKernels.Update<MomentumUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Sgd), parameters, gradients, states, count);
                break;
            case UpdateRule.Nesterov:
                OptimizerKernels.Update<NesterovUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Sgd), parameters, gradients, states, count);
                break;
            case UpdateRule.Adam:
                OptimizerKernels.Update<AdamUpdate<TLanes, TVector>, TLanes, TVector>(new(step.Adam), parameters, gradients, states, count);
                break;
            case UpdateRule.Amsgrad:
                OptimizerKernels.Update<AmsgradUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Adam), parameters, gradients, states, count);
                break;
            case UpdateRule.Rms:
                OptimizerKernels.Update<RmsUpdate<TLanes, TVector>, TLanes, TVector>(new(step.Rms), parameters, gradients, states, count);
                break;
            case UpdateRule.RmsMomentum:
                OptimizerKernels.Update<RmsMomentumUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Rms), parameters, gradients, states, count);
                break;
            case UpdateRule.RmsCentered:
                OptimizerKernels.Update<RmsCenteredUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Rms), parameters, gradients, states, count);
                break;
            case UpdateRule.Adagrad:
                OptimizerKernels.Update<AdagradUpdate<TLanes, TVector>, TLanes,
                    TVector>(new(step.Adagrad), parameters, gradients, states, count);
                break;
        }
    }
}

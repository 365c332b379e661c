using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Layers.Losses;
using Parameter = NetGen.Parameter;

namespace NetGen.Cuda.Tests;

/// <summary>A plan as the runtime's kernels: what the generated class says of it, without C# being written or compiled.</summary>
internal sealed class PlannedKernels(CudaPlan plan, IReadOnlyList<string> parameters, IReadOnlyList<string> axes) : CudaTrainingKernels
{
    private readonly byte[] _module = System.Text.Encoding.UTF8.GetBytes(plan.Module);
    private readonly string[] _names = [.. plan.Kernels.Select(kernel => kernel.Name)], _axes = [.. axes.Select(LengthsOf)];
    private readonly int[] _threads = [.. plan.Kernels.Select(kernel => kernel.Threads)];
    private readonly long[] _parameterPlaces = [.. parameters.Select(plan.PlaceOf)];
    private readonly long[] _inputPlaces = [.. plan.Graph.Inputs.Select(value => plan.PlaceOf(value, 1))];
    private readonly long[] _outputPlaces = [.. plan.Graph.Outputs.Select(value => plan.PlaceOf(value, 1))];
    private readonly long[] _outputGradients = [.. plan.Graph.OutputGradients.Select(value => plan.PlaceOf(value, 1))];
    private readonly long[] _inputGradients = [.. plan.Graph.InputGradients.Select(value => value is null ? -1 : plan.PlaceOf(value, 1))];
    private readonly CompilerServices.CudaTarget[] _targets =
    [
        .. plan.Losses.SelectMany(loss => loss.Targets).Select(target => new CompilerServices.CudaTarget(plan.PlaceOf(target.Value, 1),
            target.Value.Shape.Size, target.Value.Shape.Axis is { } axis ? axes.ToList().IndexOf(axis) : -1, target.PerPosition)),
    ];

    public static string LengthsOf(string axis) => axis + " lengths";

    public IReadOnlyList<CudaLoss> PlannedLosses => plan.Losses;

    public override string Network => "Planned";

    public override ReadOnlySpan<byte> Module => _module;

    public override ReadOnlySpan<string> Names => _names;

    public override ReadOnlySpan<int> Threads => _threads;

    public override ReadOnlySpan<long> ParameterPlaces => _parameterPlaces;

    public override long ParameterLength => plan.ParameterLength;

    public override long SampleLength => plan.SampleLength;

    public override long LargestLength => plan.LargestLength;

    public override ReadOnlySpan<long> InputPlaces => _inputPlaces;

    public override ReadOnlySpan<long> OutputPlaces => _outputPlaces;

    public override ReadOnlySpan<string> Axes => _axes;

    public override long GradientLength => plan.GradientLength;

    public override long BatchLength => plan.BatchLength;

    public override ReadOnlySpan<long> OutputGradientPlaces => _outputGradients;

    public override ReadOnlySpan<long> InputGradientPlaces => _inputGradients;

    public override ReadOnlySpan<CompilerServices.CudaTarget> Targets => _targets;

    public override int Losses => plan.Losses.Count;

    public override bool ForwardScalesTables => plan.ScalesTables;

    public override long ScratchLength(int samples) => plan.ScratchLength.For(samples);

    public override void SetTables(CudaTables tables)
    {
        foreach (CudaConstant constant in plan.Constants)
        {
            if (PlanRunner.Table(constant) is { } table)
                tables.Set(plan.PlaceOf(constant), table);
        }
    }

    public override void RecordPreparation(CudaRecorder gpu) => Record(gpu, plan.Preparations);

    public override void RecordForward(CudaRecorder gpu) => Record(gpu, plan.Forward);

    public override void RecordLoss(CudaRecorder gpu) => Record(gpu, plan.Loss);

    public override void RecordBackward(CudaRecorder gpu) => Record(gpu, plan.Backward);

    public override void RecordInputGradients(CudaRecorder gpu) => Record(gpu, plan.ForInputs);

    private void Record(CudaRecorder gpu, IReadOnlyList<CudaLaunch> launches)
    {
        foreach (CudaLaunch launch in launches)
        {
            if (launch.Target is { } target && !gpu.HasTarget(target))
                continue;
            ulong[] arguments = [.. launch.Arguments.Select(argument => Argument(gpu, argument))];
            gpu.Launch(Array.IndexOf(_names, launch.Kernel.Name), Blocks(launch.Columns), Blocks(launch.Rows),
                launch.Layers * Blocks(launch.Splits), arguments);
        }

        int Blocks(CudaExtent extent) => CudaRecorder.Blocks(extent.Count.For(gpu.Samples), extent.PerBlock);
    }

    private ulong Argument(CudaRecorder gpu, CudaArgument argument) => argument switch
    {
        CudaArgument.OfValue value => gpu.Value(plan.PlaceOf(value.Value, 1)),
        CudaArgument.OfParameter parameter => gpu.Parameter(plan.PlaceOf(parameter.Parameter) + parameter.Offset),
        CudaArgument.OfConstant { Constant: CudaConstant.OfBatch } constant => gpu.Batch(plan.PlaceOf(constant.Constant) + constant.Offset),
        CudaArgument.OfConstant constant => gpu.Parameter(plan.PlaceOf(constant.Constant) + constant.Offset),
        CudaArgument.OfGradient gradient => gpu.Gradient(plan.PlaceOf(gradient)),
        CudaArgument.OfScratch => gpu.Scratch(0),
        CudaArgument.OfLosses loss => gpu.LossesOf(loss.Loss),
        CudaArgument.OfScale loss => gpu.ScaleOf(loss.Loss),
        CudaArgument.OfRandom => gpu.Random,
        CudaArgument.OfLengths lengths => gpu.Lengths(axes.ToList().IndexOf(lengths.Axis)),
        CudaArgument.OfCount count => CudaRecorder.Count(count.Count.For(gpu.Samples)),
        CudaArgument.OfGroups groups => CudaRecorder.Count(CudaRecorder.Blocks(groups.Count.For(gpu.Samples), groups.Size)),
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>
/// A network of the tests with a plan: parameters in PyTorch's order, one behind the other, those that are learned first.
/// </summary>
internal sealed class PlannedNetwork : INetwork
{
    public PlannedNetwork(Stack stack, CudaPlan plan, float[][] values)
    {
        Stack = stack;
        // Padded, so that each begins at a cache line.
        long[] lengths = [.. stack.Parameters.Select(info => (info.Length + 15L) / 16 * 16)];
        bool[] learned = [.. stack.Parameters.Select(info => info is { IsLearned: true, IsFrozen: false })];
        Learned = (int)lengths.Where((_, i) => learned[i]).Sum();
        Buffer = new AlignedBuffer((nint)lengths.Sum());
        var places = new long[lengths.Length];
        long place = 0;
        foreach (int i in Enumerable.Range(0, lengths.Length).OrderByDescending(i => learned[i]))
        {
            places[i] = place;
            place += lengths[i];
        }
        Parameters = [.. stack.Parameters.Select((info, i) => Create(info, Buffer, (nint)places[i]))];
        for (int i = 0; i < values.Length; i++)
            Parameters[i].CopyFrom(values[i]);
        string[] axes = [.. stack.Axes.Select(axis => axis.Name)];
        Kernels = new PlannedKernels(plan, [.. stack.Parameters.Select(info => info.Name)], axes);
        Ports = new NetworkPorts(
            [.. stack.Inputs.Select(PortOf), .. axes.Select(axis =>
                new NetworkPort(PlannedKernels.LengthsOf(axis)) { ElementType = typeof(int) })],
            [.. stack.Outputs.Select(PortOf)], []);
    }

    public Stack Stack { get; }

    public AlignedBuffer Buffer { get; }

    /// <summary>Floats at the buffer's start that are learned.</summary>
    public int Learned { get; }

    public PlannedKernels Kernels { get; }

    public NetworkPorts Ports { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public NetworkGraph Graph => throw new NotSupportedException();

    public void Save(string path) => throw new NotSupportedException();

    public void LoadParameters(string path) => throw new NotSupportedException();

    public ISession CreateSession(int maxBatch = 1, SessionOptions? options = null) => throw new NotSupportedException();

    public ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options = null)
        => new PlannedTrainer(this, batchSize, optimizer, options!);

    private static NetworkPort PortOf(Port port) => new(port.Name, [.. port.Shape.Dimensions])
    {
        ElementType = port.IsInts ? typeof(int) : typeof(float),
        Lengths = port.Axis is { } axis ? PlannedKernels.LengthsOf(axis) : null,
    };

    private static Parameter Create(ParameterInfo info, AlignedBuffer buffer, nint place)
    {
        var dimensions = new List<TensorDimension>();
        int stride = 1;
        foreach (int extent in info.Shape.Reverse())
        {
            dimensions.Insert(0, new TensorDimension(extent, stride));
            stride *= extent;
        }
        ParameterKind kind = info.IsLearned ? info.IsWeight ? ParameterKind.Weight : ParameterKind.Bias
            : info.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal) ? ParameterKind.Counter : ParameterKind.Buffer;
        return new Parameter(info.Name, info.Shape, buffer, place, new TensorLayout(
            dimensions.Count == 0 ? [new TensorDimension(1, 1)] : [.. dimensions]), kind, 1, 1, isFrozen: info.IsFrozen);
    }
}

/// <summary>Its trainer, for GPUs alone.</summary>
internal sealed unsafe class PlannedTrainer(PlannedNetwork network, int batchSize, Optimizer optimizer, TrainerOptions options)
    : TrainerCore(Plan(network), network, network.Buffer, network.Parameters, batchSize, optimizer, options)
{
    private readonly nint[] _addresses = new nint[2 * (network.Stack.Inputs.Count + network.Stack.Outputs.Count) + 64];
    private readonly List<Array> _kept = [];

    /// <summary>The forward pass of training, of which nobody reads the outputs.</summary>
    public void Forward(IReadOnlyList<float[]> inputs, int samples)
    {
        using Call call = Enter();
        GiveInputs(inputs, samples);
        RunForward(samples);
    }

    /// <summary>The same for which nobody waits.</summary>
    public void Enqueue(IReadOnlyList<float[]> inputs, IReadOnlyList<Target> targets, IReadOnlyList<double> scales, int samples)
    {
        using Queueing queueing = Queue();
        Step(inputs, targets, scales, samples);
    }

    /// <summary>A step with so many samples.</summary>
    /// <param name="targets">By loss.</param>
    /// <param name="scales">By loss, its factor over what it is divided by.</param>
    public float Step(IReadOnlyList<float[]> inputs, IReadOnlyList<Target> targets, IReadOnlyList<double> scales, int samples)
    {
        Stack stack = network.Stack;
        using Call call = Enter();
        GiveInputs(inputs, samples);
        int port = 2 * (inputs.Count + stack.Outputs.Count);
        foreach (CudaLoss loss in network.Kernels.PlannedLosses)
        {
            foreach (Generator.Cuda.CudaTarget target in loss.Targets)
            {
                Target given = targets[loss.Number];
                bool isValues = target.Parameter is ValueTarget;
                float[] values = isValues ? given.Values : Array.ConvertAll(given.Labels, label => (float)label);
                if (values.Length > 0)
                    Give(port, values, !isValues);
                port++;
            }
        }
        double[] divisors = [.. stack.Comparisons.Select((comparison, i) => comparison.Factor / scales[i])];
        return RunStep(samples, divisors);
    }

    protected override void* AddressOf(int port) => (void*)_addresses[port];

    protected override void ComputeForward(in Share share) => throw OnlyGpus();

    protected override void StoreOutput(in Share share) => throw OnlyGpus();

    protected override void LoadOutputGradient(in Share share) => throw OnlyGpus();

    protected override void ComputeWeightGradients(in Share share) => throw OnlyGpus();

    protected override void PrepareWeights(in Share share) => throw OnlyGpus();

    private static NotSupportedException OnlyGpus() => new("This trainer has no kernels for the processor.");

    private void GiveInputs(IReadOnlyList<float[]> inputs, int samples)
    {
        Stack stack = network.Stack;
        Array.Clear(_addresses);
        _kept.Clear();
        for (int axis = 0; axis < stack.Axes.Count; axis++)
            SetLengths(axis, Array.ConvertAll(stack.LengthsOf(stack.Axes[axis], samples), length => (int)length));
        for (int i = 0; i < inputs.Count; i++)
            Give(i, inputs[i], stack.Inputs[i].IsInts);
    }

    /// <summary>Keeps a copy that does not move.</summary>
    private void Give(int port, float[] values, bool areInts)
    {
        if (areInts)
        {
            int[] ints = GC.AllocateArray<int>(values.Length, pinned: true);
            Array.ConvertAll(values, value => (int)value).CopyTo(ints, 0);
            _kept.Add(ints);
            fixed (int* address = ints)
                _addresses[port] = (nint)address;
            return;
        }
        float[] floats = GC.AllocateArray<float>(values.Length, pinned: true);
        values.CopyTo(floats, 0);
        _kept.Add(floats);
        fixed (float* address = floats)
            _addresses[port] = (nint)address;
    }

    private static TrainerPlan Plan(PlannedNetwork network) => new()
    {
        LearnedLength = network.Learned,
        GradientLength = network.Learned,
        RowLength = 0,
        PreparedLength = 0,
        ScratchLength = 0,
        HasLoss = true,
        Lengths = network.Stack.Axes.Count,
        LossFactors = [.. network.Stack.Comparisons.Select(comparison => comparison.Factor)],
        Schedule = "planned",
        Device = network.Kernels,
    };
}

using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using PositionTable = NetGen.CompilerServices.PositionTable;
using Value = NetGen.Generator.Ir.Value;

namespace NetGen.Cuda.Tests;

/// <summary>Does what a plan says on the simulated GPU: memory, copies, launches. What nothing has written must not be read.</summary>
internal sealed class PlanRunner(CudaPlan plan, Stack stack, IReadOnlyDictionary<string, float[]> parameters,
    ProductPrecision precision = ProductPrecision.Float32)
{
    /// <summary>What random numbers are drawn from.</summary>
    public const ulong Seed = 0x1234_5678_9ABC_DEF0;

    /// <summary>The number of the only step.</summary>
    public const uint Step = 3;

    private readonly Dictionary<string, PtxKernel> _kernels = Kernels(plan, precision);

    /// <summary>Inference.</summary>
    /// <param name="inputs">By input, of at least so many samples.</param>
    /// <param name="seed">The order of blocks and warps.</param>
    /// <param name="hasChecks">Reads of what nothing wrote, and races, are found.</param>
    /// <returns>By output.</returns>
    public float[][] Run(IReadOnlyList<float[]> inputs, int samples, int seed, bool hasChecks = true)
    {
        using var pass = new Pass(this, inputs, samples, seed, hasChecks);
        pass.Launch(plan.Preparations.Concat(plan.Forward));
        return pass.Outputs();
    }

    /// <summary>A forward and a backward pass of training.</summary>
    /// <param name="targets">For each of the stack's comparisons.</param>
    /// <param name="scales">By loss, what its gradients are multiplied by.</param>
    /// <param name="backwardPasses">How many follow the forward pass: each gives the same.</param>
    /// <inheritdoc cref="Run"/>
    public TrainingPass Train(IReadOnlyList<float[]> inputs, IReadOnlyList<Target> targets, IReadOnlyList<double> scales, int samples,
        int seed, bool hasChecks = true, int backwardPasses = 1)
    {
        using var pass = new Pass(this, inputs, samples, seed, hasChecks);
        pass.Launch(plan.Preparations.Concat(plan.Forward));
        float[][] outputs = pass.Outputs();
        double[][] losses = [];
        for (int i = 0; i < backwardPasses; i++)
        {
            if (plan.Losses.Count > 0)
                losses = pass.RunLosses(targets, scales);
            else
                pass.GiveOutputGradients(targets);
            pass.Launch(plan.Backward.Concat(plan.ForInputs));
        }
        return new TrainingPass(outputs, losses, pass.InputGradients(), pass.ParameterGradients(), pass.Parameters());
    }

    /// <summary>What the runtime computes once; null for what launches make.</summary>
    public static float[]? Table(CudaConstant constant) => constant switch
    {
        CudaConstant.RotaryTable table => Copy(PositionTable.Rotary(table.Positions, table.Pairs, table.Base, table.Scaling.Factor,
            table.Scaling.Low, table.Scaling.High, table.Scaling.Length), table.Length),
        CudaConstant.Numbers table => [.. table.Values],
        CudaConstant.SinusoidTable table => Copy(PositionTable.Sinusoids(table.Positions, table.Features, table.Features), table.Length),
        _ => null,
    };

    private static unsafe float[] Copy(PositionTable table, long length) => new ReadOnlySpan<float>(table.Values, (int)length).ToArray();

    /// <summary>A GPU with the memory of one pass.</summary>
    private sealed class Pass : IDisposable
    {
        private readonly PlanRunner _runner;
        private readonly CudaPlan _plan;
        private readonly Stack _stack;
        private readonly int _samples;
        private readonly Gpu _gpu;
        private readonly ulong _weights, _arena, _gradients, _batch, _scratch, _random;
        private readonly ulong[] _losses, _scales;
        private readonly Dictionary<string, ulong> _lengths;
        private readonly HashSet<int> _given = [];

        public Pass(PlanRunner runner, IReadOnlyList<float[]> inputs, int samples, int seed, bool hasChecks)
        {
            (_runner, _plan, _stack, _samples) = (runner, runner.Plan, runner.Stack, samples);
            _gpu = new Gpu(seed, hasChecks) { Counts = false };
            _weights = _gpu.Allocate(4 * Math.Max(1, _plan.ParameterLength));
            _arena = _gpu.Allocate(4 * _plan.SampleLength * samples);
            _gradients = _gpu.Upload(new float[Math.Max(1, _plan.GradientLength)]);
            _batch = _gpu.Upload(new float[Math.Max(1, _plan.BatchLength)]);
            _scratch = _gpu.Allocate(4 * Math.Max(1, _plan.ScratchLength.For(samples)));
            _random = _gpu.Upload(new[] { unchecked((int)Seed), (int)(Seed >> 32), (int)Step, 0 });
            _losses = [.. _plan.Losses.Select(_ => _gpu.Allocate(8 * samples))];
            _scales = [.. _plan.Losses.Select(_ => _gpu.Allocate(4))];
            _lengths = _stack.Axes.ToDictionary(
                axis => axis.Name, axis => _gpu.Upload(Array.ConvertAll(_stack.LengthsOf(axis, samples), length => (int)length)));
            foreach (Generator.Ir.ParameterInfo parameter in UsedParameters())
                _gpu.Write<float>(_weights + 4 * (ulong)_plan.PlaceOf(parameter), runner.Values[parameter.Path]);
            foreach (CudaConstant constant in _plan.Constants)
            {
                if (Table(constant) is { } table)
                    _gpu.Write<float>(_weights + 4 * (ulong)_plan.PlaceOf(constant), table);
            }
            for (int i = 0; i < inputs.Count; i++)
                Give(_plan.Graph.Inputs[i], WithRoom(_stack.Inputs[i], inputs[i]));
        }

        public void Launch(IEnumerable<CudaLaunch> launches)
        {
            foreach (CudaLaunch launch in launches)
            {
                if (launch.Target is { } target && !_given.Contains(target))
                    continue;
                object[] arguments = [.. launch.Arguments.Select(Argument)];
                var grid = ((int)launch.Columns.Count.Groups(_samples, launch.Columns.PerBlock),
                    (int)launch.Rows.Count.Groups(_samples, launch.Rows.PerBlock),
                    launch.Layers * (int)launch.Splits.Count.Groups(_samples, launch.Splits.PerBlock));
                _gpu.Run(_runner._kernels[launch.Kernel.Name], new LaunchShape(grid, (launch.Kernel.Threads, 1, 1)), arguments);
            }
        }

        public float[][] Outputs() => [.. _plan.Graph.Outputs.Select((output, i) => WithoutRoom(_stack.Outputs[i], Read(output)))];

        /// <summary>The gradients that the caller gives.</summary>
        public void GiveOutputGradients(IReadOnlyList<Target> targets)
        {
            for (int i = 0; i < targets.Count; i++)
                Give(_plan.Graph.OutputGradients[i], WithRoom(_stack.Outputs[i], targets[i].Values));
        }

        /// <returns>By loss, those of the samples.</returns>
        public double[][] RunLosses(IReadOnlyList<Target> targets, IReadOnlyList<double> scales)
        {
            foreach (CudaLoss loss in _plan.Losses)
            {
                Target given = targets[loss.Number];
                _gpu.Write<float>(_scales[loss.Number], [(float)scales[loss.Number]]);
                string compared = _stack.Comparisons[loss.Number].Output.Name;
                Port port = _stack.Outputs.Single(output => output.Name == compared);
                foreach (CudaTarget target in loss.Targets)
                {
                    float[] values = target.Parameter is ValueTarget ? given.Values : Array.ConvertAll(given.Labels, label => (float)label);
                    if (values.Length == 0)
                        continue;
                    string? axis = target.Value.Shape.HasLengths ? port.Axis : null;
                    Give(target.Value, WithRoom(axis, target.Value.Shape.Size, target.PerPosition, values));
                    _given.Add(target.Number);
                }
            }
            Launch(_plan.Loss);
            return [.. _losses.Select(address => _gpu.Read<double>(address, _samples))];
        }

        /// <returns>By input; null where nothing flows back.</returns>
        public float[]?[] InputGradients() => [.. _plan.Graph.InputGradients.Select((gradient, i)
            => gradient is null ? null : WithoutRoom(_stack.Inputs[i], Read(gradient)))];

        /// <returns>By name.</returns>
        public Dictionary<string, float[]> ParameterGradients() => _runner.Table(path => _plan.PlaceOf(path), _gradients, _gpu);

        public Dictionary<string, float[]> Parameters()
        {
            HashSet<string> used = [.. UsedParameters().Select(parameter => parameter.Path)];
            return _runner.Table(path => used.Contains(path) ? _plan.PlaceOf(path) : null, _weights, _gpu);
        }

        public void Dispose() => _gpu.Dispose();

        private IEnumerable<Generator.Ir.ParameterInfo> UsedParameters() => _plan.Launches.Concat(_plan.Preparations)
            .SelectMany(launch => launch.Arguments).OfType<CudaArgument.OfParameter>().Select(argument => argument.Parameter).Distinct();

        private object Argument(CudaArgument argument) => argument switch
        {
            CudaArgument.OfValue value => (object)Address(value.Value),
            CudaArgument.OfParameter parameter => _weights + 4 * (ulong)(_plan.PlaceOf(parameter.Parameter) + parameter.Offset),
            CudaArgument.OfConstant constant => (constant.Constant is CudaConstant.OfBatch ? _batch : _weights)
                + 4 * (ulong)(_plan.PlaceOf(constant.Constant) + constant.Offset),
            CudaArgument.OfGradient gradient => _gradients + 4 * (ulong)_plan.PlaceOf(gradient),
            CudaArgument.OfScratch => _scratch,
            CudaArgument.OfLosses loss => _losses[loss.Loss],
            CudaArgument.OfScale loss => _scales[loss.Loss],
            CudaArgument.OfRandom => _random,
            CudaArgument.OfLengths axis => _lengths[axis.Axis],
            CudaArgument.OfCount count => (int)count.Count.For(_samples),
            CudaArgument.OfGroups groups => (int)groups.Count.Groups(_samples, groups.Size),
            _ => throw new InvalidOperationException(),
        };

        private ulong Address(Value value) => _arena + 4 * (ulong)_plan.PlaceOf(value, _samples);

        private float[] Read(Value value) => _gpu.Read<float>(Address(value), _samples * value.Shape.Size);

        private void Give(Value value, float[] values)
        {
            if (value.Shape.IsInts)
                _gpu.Write<int>(Address(value), Array.ConvertAll(values, number => (int)number));
            else
                _gpu.Write<float>(Address(value), values);
        }

        private float[] WithRoom(Port port, float[] values)
            => WithRoom(port.Axis, port.Shape.Size, port.Shape.Size / port.Shape.Dimensions[0], values);

        /// <summary>Samples with room for as many positions as there may be, zeros where there are fewer.</summary>
        private float[] WithRoom(string? axis, int size, int perPosition, float[] values)
        {
            if (axis is null)
                return values[..(_samples * size)];
            var all = new float[_samples * size];
            int from = 0;
            for (int sample = 0; sample < _samples; sample++)
            {
                int length = _stack.LengthOf(axis, sample) * perPosition;
                values.AsSpan(from, length).CopyTo(all.AsSpan(sample * size));
                from += length;
            }
            return all;
        }

        /// <summary>The way back.</summary>
        private float[] WithoutRoom(Port port, float[] values)
        {
            if (port.Axis is not { } axis)
                return values;
            int perPosition = port.Shape.Size / port.Shape.Dimensions[0];
            return [.. Enumerable.Range(0, _samples).SelectMany(sample =>
                values.AsSpan(sample * port.Shape.Size, _stack.LengthOf(axis, sample) * perPosition).ToArray())];
        }
    }

    /// <summary>By their names; those of another precision take the place of the same names.</summary>
    private static Dictionary<string, PtxKernel> Kernels(CudaPlan plan, ProductPrecision precision)
    {
        var kernels = new Dictionary<string, PtxKernel>(PtxModule.Parse(plan.Module).Kernels);
        if (precision == ProductPrecision.Float32)
            return kernels;
        IReadOnlyDictionary<string, PtxKernel> others = PtxModule.Parse(plan.ModuleIn(precision)).Kernels;
        Assert.Equal(plan.PrecisionKernels.Select(number => plan.Kernels[number].Name).Order(), others.Keys.Order());
        foreach ((string name, PtxKernel kernel) in others)
            kernels[name] = kernel;
        return kernels;
    }

    private CudaPlan Plan => plan;

    private Stack Stack => stack;

    private IReadOnlyDictionary<string, float[]> Values => parameters;

    /// <summary>What lies where parameters do, by their names.</summary>
    private Dictionary<string, float[]> Table(Func<string, long?> placeOf, ulong start, Gpu gpu)
    {
        var table = new Dictionary<string, float[]>();
        foreach ((string path, float[] values) in parameters)
        {
            if (placeOf(path) is { } place)
                table.Add(path, gpu.Read<float>(start + 4 * (ulong)place, values.Length));
        }
        return table;
    }
}

/// <summary>What a forward and a backward pass give.</summary>
/// <param name="Outputs">By output.</param>
/// <param name="Losses">By loss, those of the samples.</param>
/// <param name="InputGradients">By input; null where nothing flows back.</param>
/// <param name="ParameterGradients">By name.</param>
/// <param name="Parameters">What the forward pass has left, by name, of those that it reads.</param>
internal sealed record TrainingPass(float[][] Outputs, double[][] Losses, float[]?[] InputGradients,
    IReadOnlyDictionary<string, float[]> ParameterGradients, IReadOnlyDictionary<string, float[]> Parameters);

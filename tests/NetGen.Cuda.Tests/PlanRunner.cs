using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Model;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Ir;
using Value = NetGen.Generator.Ir.Value;

namespace NetGen.Cuda.Tests;

/// <summary>Does what a plan says on the simulated GPU: memory, copies, launches. What nothing has written must not be read.</summary>
internal sealed class PlanRunner(CudaPlan plan, Stack stack, IReadOnlyDictionary<string, float[]> parameters)
{
    private readonly PtxModule _module = PtxModule.Parse(plan.Module);

    /// <param name="inputs">By input, of at least so many samples.</param>
    /// <param name="seed">The order of blocks and warps.</param>
    /// <param name="hasChecks">Reads of what nothing wrote, and races, are found.</param>
    /// <returns>By output.</returns>
    public float[][] Run(IReadOnlyList<float[]> inputs, int samples, int seed, bool hasChecks = true)
    {
        using var gpu = new Gpu(seed, hasChecks) { Counts = false };
        ulong weights = gpu.Allocate(4 * Math.Max(1, plan.ParameterLength)), arena = gpu.Allocate(4 * plan.SampleLength * samples);
        Dictionary<string, ulong> lengths = stack.Axes.ToDictionary(
            axis => axis.Name, axis => gpu.Upload(Array.ConvertAll(stack.LengthsOf(axis, samples), length => (int)length)));
        foreach (Generator.Ir.ParameterInfo parameter in plan.Launches.Concat(plan.Preparations).SelectMany(launch => launch.Arguments)
            .OfType<CudaArgument.OfParameter>().Select(argument => argument.Parameter).Distinct())
        {
            gpu.Write<float>(weights + 4 * (ulong)plan.PlaceOf(parameter), parameters[parameter.Path]);
        }
        foreach (CudaConstant constant in plan.Constants)
        {
            if (Table(constant) is { } table)
                gpu.Write<float>(weights + 4 * (ulong)plan.PlaceOf(constant), table);
        }
        for (int i = 0; i < inputs.Count; i++)
        {
            Value input = plan.Graph.Inputs[i];
            float[] values = WithRoom(stack.Inputs[i], inputs[i], samples);
            if (input.Shape.IsInts)
                gpu.Write<int>(Address(input), Array.ConvertAll(values, value => (int)value));
            else
                gpu.Write<float>(Address(input), values);
        }
        foreach (CudaLaunch launch in plan.Preparations.Concat(plan.Launches))
        {
            object[] arguments = [.. launch.Arguments.Select(argument => argument switch
            {
                CudaArgument.OfValue value => (object)Address(value.Value),
                CudaArgument.OfParameter parameter => weights + 4 * (ulong)(plan.PlaceOf(parameter.Parameter) + parameter.Offset),
                CudaArgument.OfConstant constant => weights + 4 * (ulong)(plan.PlaceOf(constant.Constant) + constant.Offset),
                CudaArgument.OfLengths axis => lengths[axis.Axis],
                CudaArgument.OfCount count => (int)count.Count.For(samples),
                _ => throw new InvalidOperationException(),
            })];
            var grid = ((int)launch.Columns.Count.Groups(samples, launch.Columns.PerBlock),
                (int)launch.Rows.Count.Groups(samples, launch.Rows.PerBlock), launch.Layers);
            gpu.Run(_module.Kernels[launch.Kernel.Name], new LaunchShape(grid, (launch.Kernel.Threads, 1, 1)), arguments);
        }
        return [.. plan.Graph.Outputs.Select((output, i) => WithoutRoom(
            stack.Outputs[i], gpu.Read<float>(Address(output), samples * output.Shape.Size), samples))];

        ulong Address(Value value) => arena + 4 * (ulong)plan.PlaceOf(value, samples);
    }

    /// <summary>What the runtime computes once; null for what launches make.</summary>
    private static float[]? Table(CudaConstant constant) => constant switch
    {
        CudaConstant.RotaryTable table => Copy(PositionTable.Rotary(table.Positions, table.Pairs, table.Base, table.Scaling.Factor,
            table.Scaling.Low, table.Scaling.High, table.Scaling.Length), table.Length),
        CudaConstant.SinusoidTable table => Copy(PositionTable.Sinusoids(table.Positions, table.Features, table.Features), table.Length),
        _ => null,
    };

    private static unsafe float[] Copy(PositionTable table, long length) => new ReadOnlySpan<float>(table.Values, (int)length).ToArray();

    /// <summary>Samples with room for as many positions as there may be, zeros where there are fewer.</summary>
    private float[] WithRoom(Port port, float[] values, int samples)
    {
        if (port.Axis is not { } axis)
            return values[..(samples * port.Shape.Size)];
        var all = new float[samples * port.Shape.Size];
        int perPosition = port.Shape.Size / port.Shape.Dimensions[0], from = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            int length = stack.LengthOf(axis, sample) * perPosition;
            values.AsSpan(from, length).CopyTo(all.AsSpan(sample * port.Shape.Size));
            from += length;
        }
        return all;
    }

    /// <summary>The way back.</summary>
    private float[] WithoutRoom(Port port, float[] values, int samples)
    {
        if (port.Axis is not { } axis)
            return values;
        int perPosition = port.Shape.Size / port.Shape.Dimensions[0];
        return [.. Enumerable.Range(0, samples).SelectMany(sample =>
            values.AsSpan(sample * port.Shape.Size, stack.LengthOf(axis, sample) * perPosition).ToArray())];
    }
}

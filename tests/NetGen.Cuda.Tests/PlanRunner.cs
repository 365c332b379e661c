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
    /// <returns>By output.</returns>
    public float[][] Run(IReadOnlyList<float[]> inputs, int samples, int seed)
    {
        using var gpu = new Gpu(seed) { Counts = false };
        ulong weights = gpu.Allocate(4 * Math.Max(1, plan.ParameterLength)), arena = gpu.Allocate(4 * plan.SampleLength * samples);
        foreach (Generator.Ir.ParameterInfo parameter in plan.Launches.SelectMany(launch => launch.Arguments)
            .OfType<CudaArgument.OfParameter>().Select(argument => argument.Parameter).Distinct())
        {
            gpu.Write<float>(weights + 4 * (ulong)plan.PlaceOf(parameter), parameters[parameter.Path]);
        }
        for (int i = 0; i < inputs.Count; i++)
        {
            Value input = plan.Graph.Inputs[i];
            float[] values = inputs[i][..stack.Elements(stack.Inputs[i], samples)];
            if (input.Shape.IsInts)
                gpu.Write<int>(Address(input), Array.ConvertAll(values, value => (int)value));
            else
                gpu.Write<float>(Address(input), values);
        }
        foreach (CudaLaunch launch in plan.Launches)
        {
            object[] arguments = [.. launch.Arguments.Select(argument => argument switch
            {
                CudaArgument.OfValue value => (object)Address(value.Value),
                CudaArgument.OfParameter parameter => weights + 4 * (ulong)plan.PlaceOf(parameter.Parameter),
                CudaArgument.OfCount count => (int)count.Count.For(samples),
                _ => throw new InvalidOperationException(),
            })];
            var grid = ((int)launch.Columns.Count.Groups(samples, launch.Columns.PerBlock),
                (int)launch.Rows.Count.Groups(samples, launch.Rows.PerBlock), 1);
            gpu.Run(_module.Kernels[launch.Kernel.Name], new LaunchShape(grid, (launch.Kernel.Threads, 1, 1)), arguments);
        }
        return [.. plan.Graph.Outputs.Select(output => gpu.Read<float>(Address(output), samples * output.Shape.Size))];

        ulong Address(Value value) => arena + 4 * (ulong)plan.PlaceOf(value, samples);
    }
}

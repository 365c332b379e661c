using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Surface;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>What the core of a trainer calls on each thread: the kernels, with the addresses that the class keeps.</summary>
internal static class TrainerKernels
{
    public static IEnumerable<SurfaceItem> Of(NetworkFacts network)
    {
        yield return Kernel("PrepareWeights", () => Run(network.Entries.PrepareTraining));
        yield return Kernel("ComputeForward", () => network.Entries.TrainForward is { } forward ? Run(forward) : Body.Block());
        yield return Kernel("StoreOutput", () => Body.Block("if (_output != null)", $"    {Call(network.Entries.StoreOutput)};"));
        if (network.Targets.Count > 0)
            yield return Kernel("ComputeLoss", () => Losses(network));
        yield return Kernel("LoadOutputGradient", () => Run(network.Entries.LoadOutputGradient));
        yield return Kernel("ComputeWeightGradients", () => Run(network.Entries.WeightGradients));
        if (network.Plan is null)
            yield break;
        if (network.Entries.Backward is { } backward)
            yield return Kernel("ComputeBackward", () => Run(backward));
        if (network.Entries.TrainPart is { } part)
            yield return Override("ComputePart", () => Run(part), new SurfaceParameter("int", "part"), SurfaceTexts.Share);
    }

    private static SurfaceMember Kernel(string name, Func<Body> body) => Override(name, body, SurfaceTexts.Share);

    private static Body Run(EntryPoint entry) => Body.Of(Call(entry));

    private static string Call(EntryPoint entry) => entry.Call(parameter => Argument(parameter));

    /// <summary>Of several forms of target the caller has given one.</summary>
    private static Body Losses(NetworkFacts network)
    {
        if (network.Targets.Count == 1)
            return Body.Of(Loss(network.Targets[0]));
        return Body.Block([.. network.Targets.Select(target => $"if ({target.Parameters[0].Field} != null)\n    {Loss(target)};")]);

        string Loss(LossTarget target) => network.Entries.Losses[target].Call(parameter => Argument(parameter, target));
    }

    private static string Argument(KernelParameter parameter, LossTarget? target = null)
    {
        if (target?.Parameters.FirstOrDefault(given => given.Kernel == parameter) is { } own)
            return $"share.Of({own.Field}, {own.PerSample})";
        return parameter.Name switch
        {
            "input" or "inputGradient" => $"share.Of(_{parameter.Name}, InputSize)",
            "output" or "outputGradient" => $"share.Of(_{parameter.Name}, OutputSize)",
            "part" => "part",
            _ => SurfaceTexts.OfShare(parameter),
        };
    }
}

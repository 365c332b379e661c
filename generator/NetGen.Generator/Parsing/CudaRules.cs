using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using Diagnostic = Microsoft.CodeAnalysis.Diagnostic;
using Location = Microsoft.CodeAnalysis.Location;

namespace NetGen.Generator.Parsing;

/// <summary>Where a layer is declared.</summary>
internal sealed record LayerPlace(string Path, Location Location);

/// <summary>
/// NG2074: the layers for which a GPU has no kernel. What a project's properties say is not known where networks are read, so the layers'
/// places are kept from there, and nothing is planned where nobody asks for GPUs.
/// </summary>
internal static class CudaRules
{
    /// <summary>The places of all layers, those within blocks included.</summary>
    public static EquatableArray<LayerPlace> PlacesOf(InferredNetwork network, SourceMap map)
    {
        var places = new List<LayerPlace>();
        foreach (InferredLayer layer in network.Layers)
            Add(layer);
        return places.ToEquatableArray();

        void Add(InferredLayer layer)
        {
            places.Add(new LayerPlace(layer.Path, map.ToDiagnostic(Refusal(layer.Path, "")).Location));
            foreach (InferredLayer member in layer.Members)
                Add(member);
        }
    }

    /// <summary>What a network has that no GPU runs, each layer once.</summary>
    public static IEnumerable<Diagnostic> Check(NetworkSpec network, EquatableArray<LayerPlace> places, CancellationToken cancellationToken)
    {
        IReadOnlyList<CudaRefusal> refusals = CudaPlan.Check(ShapeInference.Infer(network, cancellationToken).Network);
        foreach (IGrouping<string, CudaRefusal> layer in refusals.GroupBy(refusal => refusal.Layer))
        {
            Location location = places.FirstOrDefault(place => place.Path == layer.Key)?.Location ?? places[0].Location;
            yield return Diagnostic.Create(DiagnosticDescriptors.NoDeviceKernel, location, layer.Key, layer.First().Reason);
        }
    }

    private static Problem Refusal(string path, string reason)
        => new(DiagnosticDescriptors.NoDeviceKernel, path, null, null, new[] { path, reason }.ToEquatableArray());
}

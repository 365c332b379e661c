using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Matrix products with lanes over output features: a tile is a few samples × a few vectors of features; each step broadcasts one
/// input feature per sample. The same kernel computes the input's gradient from transposed weights.
/// </summary>
internal static class LinearKernels
{
    public sealed class Geometry
    {
        public required int InFeatures { get; init; }

        public required int OutFeatures { get; init; }

        /// <summary>Floats from one sample to the next.</summary>
        public required long InputStride { get; init; }

        public required long OutputStride { get; init; }

        /// <summary>The weights do not stay in the cache while the rows of a sample pass: those of all samples pass at once.</summary>
        public bool IsFar { get; init; }

        /// <summary>How the weights are kept.</summary>
        public WeightFormat Weights { get; init; }

        /// <summary>Elements from 16 output features to the next 16 in the packed weights.</summary>
        public long WeightBlock => (long)InFeatures * Layout.Block;

        /// <summary>Elements from the packed weights' first to those of an output feature, the first of a vector.</summary>
        public long ElementsOf(int feature) => feature / Layout.Block * WeightBlock + feature % Layout.Block;

        public int OutBlocks => Layout.RoundUp(OutFeatures) / Layout.Block;

        /// <summary>Output features that fill no block.</summary>
        public int Padding => Layout.RoundUp(OutFeatures) - OutFeatures;

        /// <summary>Vectors of output features.</summary>
        public int Vectors(VectorIsa isa) => OutBlocks * Layout.Block / isa.Lanes;

        public long MultiplyAdds => (long)InFeatures * OutFeatures;
    }

    /// <param name="mask">The activation whose derivative the result is multiplied with, and the floats from one sample of what it saved to
    /// the next.</param>
    public static Kernel Create(string name, string summary, Geometry g, bool hasBias,
        Activation? activation, (Activation Kind, long Stride)? mask)
        => new LinearProduct(name, summary, g, hasBias, activation, mask).Create();

    public static Kernel WeightGradient(string name, string summary, Geometry g) => new LinearWeightGradient(name, summary, g).Create();
}

using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>
/// What dropout multiplies an element with: 0 or 1/(1 − p). Element is the index in C, H, W order, or the channel's for Dropout2d.
/// </summary>
internal delegate double DropoutScale(string layerPath, int sample, int element);

/// <summary>What one pass over a batch shares among its layers.</summary>
/// <param name="First">Number of the batch's first sample.</param>
/// <param name="Buffers">What the pass leaves in buffers, by the name of the tensor.</param>
internal sealed record Pass(
    IReadOnlyDictionary<string, double[]> Parameters, bool IsTraining, int First, DropoutScale? Dropout,
    Dictionary<string, Estimate> Buffers);

/// <summary>One layer's run on a batch: what it reads and, once it has run, what it gives; its tensors by their own names.</summary>
internal sealed class LayerRun(Node node, IReadOnlyList<Estimate[]> inputs, Pass pass)
{
    private Dictionary<string, Accumulator> _gradients = [];

    public Node Node => node;

    /// <summary>Each value that the layer reads, by sample.</summary>
    public IReadOnlyList<Estimate[]> Inputs => inputs;

    /// <summary>Each value that the layer has given, by sample; for backward.</summary>
    public Estimate[][] Outputs { get; private set; } = [];

    public int Samples => inputs[0].Length;

    public Shape Input => node.Inputs[0].Shape;

    public Shape Output => node.Output.Shape;

    public bool IsTraining => pass.IsTraining && !node.IsFrozen;

    public Estimate[][] Forward()
    {
        Outputs = ((Operation)node.Layer).Forward(this);
        Assert.Equal(node.Outputs.Count, Outputs.Length);
        for (int i = 0; i < Outputs.Length; i++)
            Assert.All(Outputs[i], y => Assert.Equal(node.Outputs[i].Shape.Size, y.Length));
        return Outputs;
    }

    /// <param name="parameterGradients">By the name of the tensor; the layer adds to its own.</param>
    public Estimate[]?[] Backward(Estimate[]?[] gradients, Dictionary<string, Accumulator> parameterGradients)
    {
        _gradients = parameterGradients;
        return ((Operation)node.Layer).Backward(this, gradients);
    }

    public double[] Tensor(string name) => pass.Parameters[$"{node.Owner}.{name}"];

    /// <summary>A tensor that the layer may do without.</summary>
    public double[]? TensorOrNull(string name) => pass.Parameters.GetValueOrDefault($"{node.Owner}.{name}");

    public Accumulator Gradient(string name) => _gradients[$"{node.Owner}.{name}"];

    public Accumulator? GradientOrNull(string name) => _gradients.GetValueOrDefault($"{node.Owner}.{name}");

    /// <summary>A buffer as the last layer of this pass that has it left it.</summary>
    public double[] Buffer(string name) => pass.Buffers.GetValueOrDefault($"{node.Owner}.{name}")?.Values ?? Tensor(name);

    /// <summary>What such a layer may have made of it is off by.</summary>
    public double[]? BufferErrors(string name) => pass.Buffers.GetValueOrDefault($"{node.Owner}.{name}")?.Errors;

    public void SetBuffer(string name, Estimate value) => pass.Buffers[$"{node.Owner}.{name}"] = value;

    /// <summary>What dropout makes of an element of a sample of this batch; nothing where no masks are given.</summary>
    public double DropoutScale(int sample, int element) => pass.Dropout?.Invoke(node.Path, pass.First + sample, element) ?? 1;

    public bool Drops => pass.Dropout is not null && !node.IsFrozen;
}

using NetGen.Generator.Functions;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A method of the emitted code, described once and rendered for each instruction set. Two layers whose kernels render to the same
/// text share one method.
/// </summary>
/// <param name="name">Without the suffix of the instruction set.</param>
/// <param name="summary">What it computes, for which layer, with shapes: lines of the method's XML comment.</param>
/// <param name="parameters">In the order of the method; those that a call gives itself come in the order of its arguments.</param>
/// <param name="emitBody">Writes the statements.</param>
internal sealed class Kernel(string name, string summary, string remarks,
    IReadOnlyList<KernelParameter> parameters, Action<SourceWriter, VectorIsa, KernelNames> emitBody)
{
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>Layouts, tile and arithmetic; may depend on the instruction set through <c>{isa}</c>.</summary>
    public string Remarks { get; } = remarks;

    public IReadOnlyList<KernelParameter> Parameters { get; } = parameters;

    public Action<SourceWriter, VectorIsa, KernelNames> EmitBody { get; } = emitBody;

    /// <summary>The arguments of a call: one for each parameter that takes its value from the call, in order and of its type.</summary>
    public IReadOnlyList<Argument> Check(IReadOnlyList<Argument> arguments)
    {
        List<KernelParameter> own = Parameters.Where(parameter => parameter.Source == ParameterSource.Call).ToList();
        if (own.Count != arguments.Count || !own.Zip(arguments, (parameter, argument) => parameter.Type == argument.Type).All(fits => fits))
            throw new InvalidOperationException($"{Name}({Parameters.Declaration()}) is called with ({string.Join(", ", arguments)}).");
        return arguments;
    }

    /// <summary>Constant kernels that run long skip tier 0, whose code for them would be a hundred times slower.</summary>
    public bool IsHot { get; init; } = true;

    /// <summary>Work on images that is not done sample by sample, because its weights do not stay in the cache.</summary>
    public bool TakesAllSamples { get; init; }

    /// <summary>
    /// Says everything that the text depends on besides the instruction set, where many layers share it: it is rendered once. Null where
    /// the rendered texts are compared.
    /// </summary>
    public string? SharedAs { get; init; }

    /// <summary>
    /// The same for a single sample, divided among workers: takes <see cref="KernelParameters.Share"/> in place of the number of samples,
    /// and is finished when all have done their share. Null where dividing is not worth it.
    /// </summary>
    public Kernel? Part { get; init; }

    /// <summary>A line of remarks that depends on the instruction set, e.g. its tile.</summary>
    public Func<VectorIsa, string>? Tile { get; init; }
}

/// <summary>Resolves a kernel to the method that implements it for the instruction set being rendered, emitting it if it is new.</summary>
internal abstract class KernelNames
{
    public abstract string Use(Kernel kernel);

    /// <summary>
    /// Sizes that differ from layer to layer are parameters of the tiles, so that the layers of a deep network share them: its code would
    /// be too much otherwise. Small networks have every size written down.
    /// </summary>
    public abstract bool SharesTiles { get; }

    /// <summary>
    /// A static field of the class of the kernels, for what is made once at run time because it would be too long to write down.
    /// </summary>
    /// <param name="expression">C# expression of its value.</param>
    /// <returns>Its name.</returns>
    public abstract string Field(string type, string expression);

    /// <summary>The method that computes an element function for this instruction set; it is emitted once.</summary>
    public abstract string Math(ElementFunction function);
}

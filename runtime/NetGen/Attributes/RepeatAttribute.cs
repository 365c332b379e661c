namespace NetGen;

/// <summary>A block several times, one after the other, each with parameters of its own: y = block(… block(x)).</summary>
/// <typeparam name="TBlock">A class marked <see cref="BlockAttribute"/>.</typeparam>
/// <remarks>
/// The repetitions are called <c>block1</c>, <c>block2</c>, … in parameter files, or, as a list, <c>0</c>, <c>1</c>, …: see
/// <see cref="AsList"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RepeatAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>A block several times.</summary>
    /// <param name="count">How many times, at least once.</param>
    /// <param name="constants">
    /// Values for the <c>const</c> fields of <typeparamref name="TBlock"/>, in the order of their declaration; the others keep their
    /// own.
    /// </param>
    public RepeatAttribute(int count, params object?[] constants)
    {
        Count = count;
        Constants = constants;
    }

    /// <summary>How many times.</summary>
    public int Count { get; }

    /// <summary>Values for the block's constants.</summary>
    public object?[] Constants { get; }

    /// <summary>
    /// The repetitions are called by their numbers, counted from 0, as the modules of PyTorch's <c>ModuleList</c> and <c>Sequential</c>:
    /// with <c>Name = "layers"</c> the first is <c>layers.0</c> in parameter files. False by default. Needs a name.
    /// </summary>
    public bool AsList { get; set; }
}

using System.Collections;
using System.ComponentModel;

namespace NetGen;

/// <summary>
/// The blocks of a <c>Repeat</c> in their order, each with its parameters or their gradients: <c>net.Layers[3].Conv1.Weight</c>.
/// </summary>
/// <typeparam name="TBlock">The generated class of one block.</typeparam>
public sealed class RepeatedBlocks<TBlock> : IReadOnlyList<TBlock>, IParameterSet
    where TBlock : IParameterSet
{
    private readonly TBlock[] _blocks;

    /// <summary>Makes the blocks; called by generated code.</summary>
    /// <param name="count">Number of blocks, at least 1.</param>
    /// <param name="create">Makes the block of an index, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RepeatedBlocks(int count, Func<int, TBlock> create)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(create);
        _blocks = new TBlock[count];
        for (int i = 0; i < count; i++)
            _blocks[i] = create(i);
        Parameters = [.. _blocks.SelectMany(block => block.Parameters)];
    }

    /// <summary>Number of blocks.</summary>
    public int Count => _blocks.Length;

    /// <summary>The tensors of all blocks, in the order of files.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One block.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1; in files blocks are counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    public TBlock this[int index] => (uint)index < (uint)_blocks.Length
        ? _blocks[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {_blocks.Length} blocks, counted from 0.");

    /// <summary>Goes through the blocks in their order.</summary>
    public IEnumerator<TBlock> GetEnumerator() => ((IEnumerable<TBlock>)_blocks).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Work that a <see cref="WorkerPool"/> runs on all of its threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IParallelWork
{
    /// <summary>Does one worker's share of one phase.</summary>
    /// <param name="phase">Which piece of work, as given to <see cref="WorkerPool.Run"/>.</param>
    /// <param name="worker">From 0, the calling thread, to <paramref name="workers"/> − 1.</param>
    /// <param name="workers">Number of workers, for the static partition.</param>
    void Execute(int phase, int worker, int workers);
}

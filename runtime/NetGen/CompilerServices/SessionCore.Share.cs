using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <content>What each thread is given, and what each call holds.</content>
public abstract unsafe partial class SessionCore
{
    /// <summary>What one worker of a session computes in one go, and the memory it has for that.</summary>
    protected readonly ref struct Share
    {
        // All at once and in place, since a call for one sample may take no longer than 50 ns.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Share(SessionCore core, int first, int count, int worker, float* scratch, float* arena)
        {
            Parameters = core._parameters.Pointer;
            Prepared = core._prepared;
            Scratch = scratch;
            Arena = arena;
            Capacity = core._capacity;
            First = first;
            Count = count;
            Worker = worker;
            Pool = core._pool;
            _starts = core._starts;
        }

        private readonly SampleStarts? _starts;

        /// <summary>The network's parameters, packed.</summary>
        public float* Parameters { get; }

        /// <summary>What inference derives from them; null where that is nothing.</summary>
        public float* Prepared { get; }

        /// <summary>This worker's scratch.</summary>
        public float* Scratch { get; }

        /// <summary>
        /// This worker's memory, which begins with its scratch; where all workers compute a sample together, the activations, which are
        /// common to them.
        /// </summary>
        public float* Arena { get; }

        /// <summary>Samples for which the arena has room.</summary>
        public int Capacity { get; }

        /// <summary>The first sample.</summary>
        public int First { get; }

        /// <summary>Number of samples, at least 1.</summary>
        public int Count { get; }

        /// <summary>The worker's number.</summary>
        public int Worker { get; }

        /// <summary>The threads, which meet after each layer where they compute a sample together.</summary>
        public WorkerPool Pool { get; }

        /// <summary>The caller's values for the first sample of this share.</summary>
        /// <param name="values">Those for the first sample of the call.</param>
        /// <param name="perSample">Values for one sample.</param>
        public T* Of<T>(T* values, int perSample)
            where T : unmanaged
            => values + (long)First * perSample;

        /// <summary>The caller's values for the first position of the first sample of this share.</summary>
        /// <param name="values">Those of the first sample of the call.</param>
        /// <param name="perPosition">Values for one position.</param>
        /// <param name="axis">Which of the network's lengths.</param>
        public T* OfPositions<T>(T* values, int perPosition, int axis)
            where T : unmanaged
            => values + (long)_starts!.At(axis, First) * perPosition;

        /// <summary>Where the positions of this share's samples begin, and behind the last of them.</summary>
        /// <param name="axis">Which of the network's lengths.</param>
        public int* StartsOf(int axis) => _starts!.Of(axis) + First;
    }

    /// <summary>A public call, while which the session refuses all others.</summary>
    protected readonly ref struct Call
    {
        private readonly Ownership.Lease _lease;

        internal Call(Ownership.Lease lease) => _lease = lease;

        /// <summary>Ends the call.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _lease.Dispose();
    }
}

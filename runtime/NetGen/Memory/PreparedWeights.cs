using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// What inference derives from a network's parameters (weights at Winograd's points, weights with a normalisation folded in), for all
/// sessions of the network. The first session to see that the parameters have changed derives it anew, in memory that no session reads;
/// those that compute meanwhile go on with what they have taken.
/// </summary>
/// <remarks>
/// There is one copy while one is enough: it is derived anew in place where nobody reads it. A copy that has been replaced under running
/// sessions is freed when the last of them leaves.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class PreparedWeights
{
    private readonly AlignedBuffer _parameters;
    private readonly nint _length;
    private readonly object _deriving = new();
    private Copy _current;

    /// <summary>Nothing is derived yet.</summary>
    /// <param name="parameters">The network's parameters, whose version tells whether they have changed.</param>
    /// <param name="length">Floats that are derived from them.</param>
    public PreparedWeights(AlignedBuffer parameters, nint length)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _parameters = parameters;
        _length = length;
        _current = new Copy(length);
    }

    /// <summary>Takes what belongs to the present parameters, and derives it first where nobody has.</summary>
    /// <param name="preparation">Derives it.</param>
    /// <returns>To be disposed of when it is read no longer.</returns>
    public Lease Take(IPreparation preparation)
    {
        Copy current = Volatile.Read(ref _current);
        if (current.TryEnter())
        {
            // Inside, since a copy that nobody reads may be made anew between a look and an entry.
            if (current.Version == _parameters.Version)
                return new Lease(this, current);
            Leave(current);
        }
        return new Lease(this, Derive(preparation));
    }

    private Copy Derive(IPreparation preparation)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        lock (_deriving)
        {
            Copy current = _current;
            // Read before the parameters are: where they change meanwhile, the copy counts as old from the start.
            long version = _parameters.Version;
            if (current.Version == version && current.TryEnter())
                return current;

            // In place where nobody reads the present copy. Otherwise its readers keep it, and the last of them frees it.
            Copy next = current.TryClaim() ? current : new Copy(_length);
            try
            {
                next.Version = Copy.Nothing;
                preparation.Prepare(next.Memory.Pointer);
                next.Version = version;
            }
            catch
            {
                if (next == current)
                    current.Open(readers: 0);
                else
                    next.Memory.Dispose();
                throw;
            }
            next.Open(readers: 1);
            if (next != current)
            {
                Volatile.Write(ref _current, next);
                FreeIfReplaced(current);
            }
            return next;
        }
    }

    private void Leave(Copy copy)
    {
        if (copy.Leave() == 0)
            FreeIfReplaced(copy);
    }

    // Called by who replaces a copy and by its last reader. Each has written, with a full fence, what the other looks for, so that at least
    // one finds the copy both replaced and unread; the claim lets one of them free it.
    private void FreeIfReplaced(Copy copy)
    {
        if (Volatile.Read(ref _current) != copy && copy.TryClaim())
            copy.Memory.Dispose();
    }

    /// <summary>One call's hold on what was derived.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly ref struct Lease
    {
        private readonly PreparedWeights _owner;
        private readonly Copy _copy;

        internal Lease(PreparedWeights owner, Copy copy)
        {
            _owner = owner;
            _copy = copy;
        }

        /// <summary>What was derived, to be read only.</summary>
        public float* Pointer => _copy.Memory.Pointer;

        /// <summary>Gives it back.</summary>
        public void Dispose() => _owner.Leave(_copy);
    }

    internal sealed class Copy(nint length)
    {
        /// <summary>No version of the parameters.</summary>
        public const long Nothing = -1;

        private const int Claimed = -1;

        private int _readers;
        private long _version = Nothing;

        public AlignedBuffer Memory { get; } = new(length);

        /// <summary>Of the parameters it was derived from.</summary>
        public long Version
        {
            get => Volatile.Read(ref _version);
            set => Volatile.Write(ref _version, value);
        }

        /// <summary>Becomes a reader, but not of a copy that is being derived or has been freed.</summary>
        public bool TryEnter()
        {
            int readers = Volatile.Read(ref _readers);
            while (readers >= 0)
            {
                int seen = Interlocked.CompareExchange(ref _readers, readers + 1, readers);
                if (seen == readers)
                    return true;
                readers = seen;
            }
            return false;
        }

        /// <summary>How many readers remain.</summary>
        public int Leave() => Interlocked.Decrement(ref _readers);

        /// <summary>Keeps all readers out, if there is none.</summary>
        public bool TryClaim() => Interlocked.CompareExchange(ref _readers, Claimed, 0) == 0;

        /// <summary>Ends the claim.</summary>
        public void Open(int readers) => Interlocked.Exchange(ref _readers, readers);
    }
}
